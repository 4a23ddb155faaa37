package dev.troth.server.console;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.figure.Listing;
import dev.troth.server.console.frame.AsOf;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.frame.Visit;
import dev.troth.server.console.page.Slots;
import dev.troth.server.objective.ObjectiveEntry;
import dev.troth.server.objective.ObjectiveView;
import dev.troth.server.objective.Objectives;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All objectives. */
record ObjectivesPage(Listing<ObjectiveEntry> objectives, AsOf asOf) {
  static final Slots<ObjectivesPage> SLOTS =
      new Slots<ObjectivesPage>()
          .text("objectives.state", page -> page.objectives.state())
          .text("objectives.trouble", page -> page.objectives.trouble())
          .text("objectives.summary", ObjectivesPage::summary)
          .each(
              "objectives",
              page ->
                  page.objectives.rows().stream()
                      .map(entry -> ObjectiveRow.of(entry, page.asOf))
                      .toList(),
              ObjectiveRow.SLOTS)
          .with("", ObjectivesPage::asOf, AsOf.SLOTS);

  static Page<ObjectivesPage> with(Objectives service) {
    return Page.at("/objectives", "objectives.html", SLOTS, visit -> of(service, visit));
  }

  static ObjectivesPage of(Objectives service, Visit visit) {
    Optional<Instant> past = visit.at();
    if (past.isPresent()) {
      // What is not kept any more is the page's answer, not a trouble of one of its parts.
      List<ObjectiveEntry> then = service.list(past.get()).objectives();
      return new ObjectivesPage(Listing.ask("Objectives", () -> then), AsOf.of("", visit, null));
    }
    @Nullable Instant[] at = {null};
    Listing<ObjectiveEntry> now =
        Listing.ask(
            "Objectives",
            () -> {
              Objectives.ObjectiveList list = service.list();
              at[0] = list.asOf();
              return list.objectives();
            });
    return new ObjectivesPage(now, AsOf.of("", visit, at[0]));
  }

  /** The objectives that say something: those of broken files do not. */
  private Stream<ObjectiveView> views() {
    return objectives.rows().stream()
        .filter(ObjectiveView.class::isInstance)
        .map(ObjectiveView.class::cast);
  }

  List<ObjectiveView> measured() {
    return views().filter(view -> view.figures().availability() != null).toList();
  }

  long burning() {
    return views().filter(Objectives::isBurning).count();
  }

  /**
   * Whether it is at its target, and that is known: a good figure that says nothing is not kept.
   */
  static boolean isKept(ObjectiveView view) {
    Double measured = view.figures().availability();
    return view.evidence().known() && measured != null && measured >= view.goal().target();
  }

  private String summary() {
    int all = objectives.rows().size();
    if (objectives.failed()) {
      return Formats.UNKNOWN;
    }
    return all == 0
        ? "None yet."
        : "%d of %d kept.".formatted(views().filter(ObjectivesPage::isKept).count(), all);
  }
}
