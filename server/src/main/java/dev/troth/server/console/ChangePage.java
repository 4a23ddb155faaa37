package dev.troth.server.console;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.page.Slots;
import dev.troth.server.watch.WatchView;
import dev.troth.server.why.Explanations;
import dev.troth.server.why.Why;

/** A change, and why its reader was, or was not, told of it; an admin may ask for another user. */
record ChangePage(Why why) {
  private static final Slots<ChangePage> SLOTS =
      new Slots<ChangePage>()
          .text("why.title", page -> page.why.title())
          .text("why.subject", page -> page.why.subject())
          .text("why.path", page -> Formats.pathOf(page.why.subject()))
          .text("why.user", page -> page.why.user())
          .text("why.state", page -> page.why.channels().isEmpty() ? "empty" : "ok")
          .text("why.told", page -> page.why.told() ? "told" : "not told")
          .text("why.explanation", page -> page.why.explanation())
          .text("why.rule", page -> page.why.rule())
          .text("why.watch", ChangePage::watch)
          .each(
              "ways",
              page -> page.why.channels(),
              new Slots<Why.Way>()
                  .text("channel", Why.Way::channel)
                  .text("state", Why.Way::state)
                  .text("detail", ChangePage::detail)
                  .text("address", ChangePage::address));

  static Page<ChangePage> with(Explanations explanations) {
    return Page.at(
        "/changes/{id}",
        "change.html",
        SLOTS,
        visit ->
            new ChangePage(
                explanations.why(
                    visit.caller(),
                    visit.query().getOrDefault("user", visit.caller().user()),
                    visit.numbered("change"))));
  }

  private String watch() {
    WatchView watch = why.watch();
    if (watch == null) {
      return "none";
    }
    String filter = watch.filter().isEmpty() ? "" : ", if " + watch.filter();
    return "%s, %s%s".formatted(watch.target(), watch.level(), filter);
  }

  private static String detail(Why.Way way) {
    int attempts = way.attempts().size();
    return attempts == 0
        ? way.detail()
        : "%s (%s)".formatted(way.detail(), Formats.counted(attempts, "attempt", "attempts"));
  }

  private static String address(Why.Way way) {
    Why.Address address = way.endpoint();
    if (address == null) {
      return "";
    }
    String note = address.note().isEmpty() ? "" : ": " + address.note();
    return "the address is %s%s".formatted(address.state(), note);
  }
}
