package dev.troth.server.console;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.page.Slots;
import dev.troth.server.http.FormBody;
import dev.troth.server.watch.WatchView;
import dev.troth.server.watch.Watches;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** What the caller has asked to be told of. */
record WatchesPage(List<WatchView> watches, Instant now) {
  private static final Slots<WatchesPage> SLOTS =
      new Slots<WatchesPage>()
          .text("watches.summary", page -> Formats.counted(page.watches.size(), "watch", "watches"))
          .text("watches.state", page -> page.watches.isEmpty() ? "empty" : "ok")
          .each(
              "items",
              page -> page.watches.stream().map(watch -> new Row(watch, page.now)).toList(),
              new Slots<Row>()
                  .text("key", row -> String.valueOf(row.watch.id()))
                  .text("target", row -> row.watch.target())
                  .text("path", row -> Formats.pathOf(row.watch.target()))
                  .text("level", row -> row.watch.level().toString())
                  .text("since", row -> row.watch.since().toString())
                  .text("ago", row -> Formats.ago(row.now, row.watch.since()))
                  .text("label", row -> "Unwatch " + row.watch.target()));

  private record Row(WatchView watch, Instant now) {}

  static Page<WatchesPage> with(Watches watches, Clock clock) {
    return Page.at(
            "/watches",
            "watches.html",
            SLOTS,
            visit ->
                new WatchesPage(watches.of(visit.caller(), visit.caller().user()), clock.instant()))
        .taking((form, visit) -> change(watches, form, visit));
  }

  private static void change(Watches watches, FormBody form, Visit visit) {
    switch (form.require("do")) {
      case "add" -> watches.watch(visit.caller(), form.require("target").strip());
      case "remove" -> watches.remove(visit.caller(), form.id("watch"));
      default -> throw form.unknown("do", "add or remove");
    }
  }
}
