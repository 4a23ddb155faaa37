package dev.troth.server.console;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.frame.Shown;
import dev.troth.server.console.frame.Visit;
import dev.troth.server.console.page.Slots;
import dev.troth.server.http.FormBody;
import dev.troth.server.watch.WatchView;
import dev.troth.server.watch.Watches;
import java.time.Clock;
import java.time.Instant;

/** What the caller has asked to be told of. */
record WatchesPage(Shown<WatchView> watches, long all, Instant now) {
  private static final int SHOWN = 100;

  private static final Slots<WatchesPage> SLOTS =
      new Slots<WatchesPage>()
          .text("watches.summary", page -> page.watches.summary(page.all, "watch", "watches"))
          .text("watches.state", page -> page.watches.state())
          .text("watches.firstHidden", page -> page.watches.firstHidden())
          .text("watches.next", page -> page.watches.next(WatchView::id))
          .text("watches.nextHidden", page -> page.watches.nextHidden())
          .each(
              "items",
              page -> page.watches.rows().stream().map(watch -> new Row(watch, page.now)).toList(),
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
    return Page.at("/watches", "watches.html", SLOTS, visit -> of(watches, visit, clock.instant()))
        .taking((form, visit) -> change(watches, form, visit));
  }

  private static WatchesPage of(Watches watches, Visit visit, Instant now) {
    String user = visit.caller().user();
    Shown<WatchView> shown =
        Shown.of(
            visit,
            "after",
            SHOWN,
            (after, limit) -> watches.of(visit.caller(), user, after, limit));
    return new WatchesPage(shown, watches.count(user), now);
  }

  private static void change(Watches watches, FormBody form, Visit visit) {
    switch (form.require("do")) {
      case "add" -> watches.watch(visit.caller(), form.require("target").strip());
      case "remove" -> watches.remove(visit.caller(), form.id("watch"));
      default -> throw form.unknown("do", "add or remove");
    }
  }
}
