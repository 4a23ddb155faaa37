package dev.troth.server.console;

import static java.util.Objects.requireNonNullElse;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.figure.Listing;
import dev.troth.server.console.frame.AsOf;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.frame.Visit;
import dev.troth.server.console.page.Slots;
import dev.troth.server.error.DomainException;
import dev.troth.server.incident.IncidentView;
import dev.troth.server.incident.Incidents;
import dev.troth.server.incident.Place;
import dev.troth.slo.alert.Event.Cause;
import dev.troth.slo.objective.Severity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What went wrong over all objectives: how long, and at which steps. */
record IncidentsPage(
    Listing<IncidentView> incidents, int open, String next, boolean later, AsOf asOf, Instant now) {
  private static final int SHOWN = 50;

  private static final Slots<IncidentsPage> SLOTS =
      new Slots<IncidentsPage>()
          .text("incidents.state", page -> page.incidents.state())
          .with("", IncidentsPage::asOf, AsOf.SLOTS)
          .text("incidents.trouble", page -> page.incidents.trouble())
          .text("incidents.summary", IncidentsPage::summary)
          .text("incidents.firstHidden", page -> Formats.yes(!page.later))
          .text("incidents.first", page -> page.kept("?"))
          .text("incidents.next", page -> "?before=" + Formats.pathOf(page.next) + page.kept("&"))
          .text("incidents.nextHidden", page -> Formats.yes(page.next.isEmpty()))
          .each(
              "incidents",
              page ->
                  page.incidents.rows().stream()
                      .map(one -> new Row(one, page.asOf, page.now))
                      .toList(),
              new Slots<Row>()
                  .text("id", row -> row.incident.id())
                  .text("status", Row::status)
                  .text("tone", Row::tone)
                  .text("objective", row -> row.incident.key().toString())
                  .text("objectivePath", row -> Formats.pathOf(row.incident.objective()))
                  .text("kept", row -> row.asOf.isPast() ? "?at=" + row.asOf.at() : "")
                  .text("opened", row -> row.incident.openedAt().toString())
                  .text("openedAgo", row -> Formats.ago(row.now, row.incident.openedAt()))
                  .text("lasted", row -> Formats.span(row.lasted()))
                  .text("at", row -> row.asOf.at())
                  .text("causes", Row::causes));

  static Page<IncidentsPage> with(Incidents incidents, Clock clock) {
    return Page.at(
        "/incidents", "incidents.html", SLOTS, visit -> of(incidents, visit, clock.instant()));
  }

  private static IncidentsPage of(Incidents incidents, Visit visit, Instant now) {
    visit.refuse("objective", "state");
    String[] next = {""};
    @Nullable Instant[] settled = {null};
    String wanted = visit.query().getOrDefault("before", "");
    Place before =
        wanted.isEmpty() ? Place.FIRST : DomainException.valid(() -> Place.parse(wanted));
    int[] open = {0};
    Optional<Instant> past = visit.at();
    // What is not kept any more is the page's answer, not a trouble of one of its parts.
    Optional<Incidents.IncidentPage> then =
        past.map(at -> incidents.list(Optional.empty(), before, SHOWN, at));
    Listing<IncidentView> rows =
        Listing.ask(
            "Incidents",
            () -> {
              Incidents.IncidentPage page =
                  then.orElseGet(() -> incidents.list(Optional.empty(), before, SHOWN));
              next[0] = requireNonNullElse(page.next(), "");
              open[0] = page.open();
              settled[0] = page.asOf();
              return page.incidents();
            });
    AsOf asOf = AsOf.of("", visit, settled[0]);
    return new IncidentsPage(
        rows, open[0], next[0], visit.query().containsKey("before"), asOf, now);
  }

  /** A page of an instant that is over stays there. */
  private String kept(String before) {
    return asOf.isPast() ? before + "at=" + asOf.at() : "";
  }

  private String summary() {
    if (incidents.failed()) {
      return Formats.UNKNOWN;
    }
    String shown = Formats.counted(incidents.rows().size(), "incident", "incidents");
    return "%s open in all, %s on this page".formatted(Formats.grouped(open), shown);
  }

  /** One incident. */
  private record Row(IncidentView incident, AsOf asOf, Instant now) {
    private boolean isOpen() {
      return incident.state() == IncidentView.State.OPEN;
    }

    private String status() {
      return isOpen()
          ? "open, " + incident.severity().word() + ObjectiveRow.said(incident.holds())
          : "resolved";
    }

    private String tone() {
      if (!isOpen()) {
        return "quiet";
      }
      return incident.severity() == Severity.PAGE ? "bad" : "warn";
    }

    /** An incident that went on at an instant had lasted until it. */
    private Duration lasted() {
      Instant until = requireNonNullElse(asOf.instant(), now);
      return Duration.between(
          incident.openedAt(), requireNonNullElse(incident.resolvedAt(), until));
    }

    private String causes() {
      List<Cause> causes = incident.causes();
      return causes.isEmpty()
          ? "not known"
          : causes.stream()
              .map(cause -> "%s %s".formatted(cause.step(), Formats.grouped(cause.bad())))
              .collect(Collectors.joining(", "));
    }
  }
}
