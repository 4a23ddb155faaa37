package dev.troth.server.console;

import dev.troth.server.console.ConsoleRoutes.Services;
import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.figure.Listing;
import dev.troth.server.console.frame.Moment;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.frame.Visit;
import dev.troth.server.console.page.Slots;
import dev.troth.server.http.Items;
import dev.troth.server.incident.Incidents;
import dev.troth.server.objective.ObjectiveFigures;
import dev.troth.server.objective.ObjectiveView;
import dev.troth.server.record.RecordView;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;

/**
 * The first page: are the promises kept, and what is there.
 *
 * @param next the record after which the next page goes on; empty on the last
 */
record OverviewPage(
    ObjectivesPage promises,
    HeldSection held,
    Listing<RecordView> records,
    String next,
    boolean later,
    long unread,
    boolean isDemo) {
  private static final int SHOWN_RECORDS = 50;

  /** Windows move with the clock. */
  private static final Duration EVALUATED_EVERY = Duration.ofSeconds(1);

  private static final Slots<OverviewPage> SLOTS =
      new Slots<OverviewPage>()
          .with("", OverviewPage::promises, ObjectivesPage.SLOTS)
          .with("", OverviewPage::held, HeldSection.SLOTS)
          .text("overview.tourHidden", page -> Formats.yes(!page.isDemo))
          .text("overview.headline", OverviewPage::headline)
          .text("overview.kept", OverviewPage::kept)
          .text("overview.keptTone", OverviewPage::keptTone)
          .text("overview.keptNote", OverviewPage::keptNote)
          .text("overview.unread", OverviewPage::unreadNow)
          .text("overview.failed", OverviewPage::failed)
          .text("overview.failedNote", OverviewPage::failedNote)
          .text("records.state", page -> page.records.state())
          .text("records.trouble", page -> page.records.trouble())
          .text(
              "records.summary",
              page ->
                  Formats.counted(page.records.rows().size(), "record", "records")
                      + (page.later || !page.next().isEmpty() ? " on this page" : ""))
          .text("records.firstHidden", page -> Formats.yes(!page.later))
          .text("records.next", OverviewPage::next)
          .text("records.nextHidden", page -> Formats.yes(page.next().isEmpty()))
          .each(
              "records",
              page -> page.records.rows(),
              new Slots<RecordView>()
                  .text("path", record -> String.valueOf(record.id()))
                  .text("name", RecordView::name)
                  .text("subject", record -> "record/" + record.id())
                  .text("value", RecordView::value)
                  .text("version", record -> "version " + record.version()));

  /**
   * @param isDemo whether there is a tour to take
   */
  static Page<OverviewPage> with(Services services, boolean isDemo) {
    Incidents incidents = services.views().incidents();
    return Page.at("/", "index.html", SLOTS, visit -> of(services, incidents, visit, isDemo))
        .keeping();
  }

  private static OverviewPage of(
      Services services, Incidents incidents, Visit visit, boolean isDemo) {
    String[] next = {""};
    Listing<RecordView> records =
        Listing.ask(
            "Records",
            () -> {
              Items<RecordView> found =
                  services.records().after(visit.number("after", 0), SHOWN_RECORDS);
              next[0] = Objects.toString(found.next(), "");
              return found.items();
            });
    OverviewPage page =
        new OverviewPage(
            ObjectivesPage.of(services.objectives(), visit),
            HeldSection.all(incidents, visit),
            records,
            next[0],
            visit.query().containsKey("after"),
            services.inbox().unread(visit.caller(), visit.caller().user()),
            isDemo);
    Moment moment = visit.moment();
    if (!page.promises.objectives().rows().isEmpty()) {
      moment.changesAt(moment.now().plus(EVALUATED_EVERY));
    }
    if (page.promises.objectives().failed()
        || page.held.incidents().failed()
        || page.records.failed()) {
      moment.passes();
    }
    return page;
  }

  /** What a user has read is not kept by time. */
  private String unreadNow() {
    return promises.asOf().isPast() ? Formats.UNKNOWN : Formats.grouped(unread);
  }

  private List<ObjectiveView> measured() {
    return promises.measured();
  }

  private String headline() {
    if (measured().isEmpty()) {
      return "Nothing is measured yet";
    }
    long burning = promises.burning();
    if (burning > 0) {
      return Formats.counted(burning, "promise is burning", "promises are burning");
    }
    long doubtful = measured().stream().filter(view -> !view.evidence().known()).count();
    if (doubtful > 0) {
      return Formats.counted(doubtful, "promise is in doubt", "promises are in doubt");
    }
    boolean all = measured().stream().allMatch(ObjectivesPage::isKept);
    return all ? "All promises are kept" : "Some promises are not kept";
  }

  private String keptTone() {
    if (promises.burning() > 0) {
      return "bad";
    }
    return measured().stream().allMatch(ObjectivesPage::isKept) ? "ok" : "warn";
  }

  private String kept() {
    List<ObjectiveView> measured = measured();
    return measured.isEmpty()
        ? Formats.UNKNOWN
        : "%d of %d"
            .formatted(measured.stream().filter(ObjectivesPage::isKept).count(), measured.size());
  }

  private String keptNote() {
    int silent = promises.objectives().rows().size() - measured().size();
    return silent == 0 ? "objectives at their target" : silent + " without data";
  }

  private String failed() {
    return measured().isEmpty()
        ? Formats.UNKNOWN
        : Formats.grouped(sum(ObjectiveFigures.Requests::bad));
  }

  private String failedNote() {
    return measured().isEmpty()
        ? "no requests counted"
        : "of %s counted, each once per objective"
            .formatted(Formats.grouped(sum(ObjectiveFigures.Requests::total)));
  }

  private long sum(ToLongFunction<ObjectiveFigures.Requests> count) {
    return measured().stream().map(view -> view.figures().requests()).mapToLong(count).sum();
  }
}
