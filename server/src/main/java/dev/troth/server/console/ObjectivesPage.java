package dev.troth.server.console;

import dev.troth.server.console.page.Slots;
import java.util.List;

/** All objectives. */
record ObjectivesPage(Listing<ObjectiveRow> objectives) {
  static final Slots<ObjectivesPage> SLOTS =
      new Slots<ObjectivesPage>()
          .text("objectives.state", page -> page.objectives.state())
          .text("objectives.trouble", page -> page.objectives.trouble())
          .text("objectives.summary", ObjectivesPage::summary)
          .each("objectives", page -> page.objectives.rows(), ObjectiveRow.SLOTS);

  static ObjectivesPage of(Feeds.Objectives feed) {
    return new ObjectivesPage(
        Listing.ask(
            "Objectives",
            () -> new Doc(feed.all()).list("objectives").stream().map(ObjectiveRow::new).toList()));
  }

  long burning() {
    return objectives.rows().stream().filter(ObjectiveRow::isBurning).count();
  }

  private String summary() {
    List<ObjectiveRow> rows = objectives.rows();
    long kept = rows.stream().filter(ObjectiveRow::isKept).count();
    return rows.isEmpty() ? "" : "%d of %d kept.".formatted(kept, rows.size());
  }
}
