package dev.troth.server.console;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.figure.Listing;
import dev.troth.server.console.frame.Moment;
import dev.troth.server.console.frame.Visit;
import dev.troth.server.console.page.Slots;
import dev.troth.server.error.DomainException;
import dev.troth.server.http.FormBody;
import dev.troth.server.incident.Hold;
import dev.troth.server.incident.Holds.HoldView;
import dev.troth.server.incident.IncidentView;
import dev.troth.server.incident.Incidents;
import dev.troth.slo.objective.Durations;
import dev.troth.slo.objective.Severity;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Incidents that go on: who looks after each, who silenced it, and the forms to say so.
 *
 * @param count how many there are, shown or not
 * @param at the instant of the page, where its links stay; empty for now
 */
record HeldSection(Listing<IncidentView> incidents, int count, String at, Moment moment) {
  private static final int SHOWN = 20;
  private static final int MOST = 1_002;

  static final Slots<HeldSection> SLOTS =
      new Slots<HeldSection>()
          .text("held.state", section -> section.incidents.state())
          .text("held.trouble", section -> section.incidents.trouble())
          .text("held.summary", HeldSection::summary)
          .text("held.kept", section -> section.kept("&"))
          .text("held.allHidden", section -> Formats.yes(!section.isPart()))
          .each(
              "held",
              section ->
                  section.incidents.rows().stream().map(one -> new Row(one, section)).toList(),
              Row.SLOTS);

  /** All that are open, the newest. */
  static HeldSection all(Incidents service, Visit visit) {
    HeldSection section = of(service, Optional.empty(), visit);
    section.incidents.rows().stream()
        .flatMap(one -> Stream.of(one.holds().acknowledgement(), one.holds().silence()))
        .filter(Objects::nonNull)
        .forEach(hold -> section.moment.changesAt(hold.until()));
    return section;
  }

  /** Those of an objective and of its groups, the newest. */
  static HeldSection of(Incidents service, String objective, Visit visit) {
    return of(service, Optional.of(objective), visit);
  }

  private static HeldSection of(Incidents service, Optional<String> objective, Visit visit) {
    int limit = "all".equals(visit.query().get("incidents")) ? MOST : SHOWN;
    int[] count = {0};
    Listing<IncidentView> rows =
        Listing.ask(
            "Incidents",
            () -> {
              Incidents.Open open =
                  visit
                      .at()
                      .map(at -> service.open(objective, limit, at))
                      .orElseGet(() -> service.open(objective, limit));
              count[0] = open.count();
              return open.newest();
            });
    return new HeldSection(
        rows, count[0], visit.at().map(Instant::toString).orElse(""), visit.moment());
  }

  private boolean isPart() {
    return incidents.rows().size() < count;
  }

  /** A page of an instant that is over stays there. */
  private String kept(String before) {
    return at.isEmpty() ? "" : before + "at=" + at;
  }

  /** What the forms do. */
  static void act(Incidents service, FormBody form, Visit visit) {
    String id = form.require("incident");
    IncidentView _ =
        switch (form.require("do")) {
          case "acknowledge" ->
              service.hold(visit.caller(), id, wish(Hold.Kind.ACKNOWLEDGED, form));
          case "silence" -> service.hold(visit.caller(), id, wish(Hold.Kind.SILENCED, form));
          case "unacknowledge" -> service.release(visit.caller(), id, Hold.Kind.ACKNOWLEDGED);
          case "unsilence" -> service.release(visit.caller(), id, Hold.Kind.SILENCED);
          default -> throw form.unknown("do", "acknowledge, silence, unacknowledge or unsilence");
        };
  }

  private static Incidents.Wish wish(Hold.Kind kind, FormBody form) {
    return DomainException.valid(
        () -> new Incidents.Wish(kind, Durations.parse(form.require("for")), form.get("reason")));
  }

  private String summary() {
    return incidents.failed()
        ? ""
        : Formats.counted(count, "open incident", "open incidents")
            + (isPart() ? ", the newest %d here".formatted(incidents.rows().size()) : "");
  }

  /** A page ends a silence of a ticket, and whoever reads of one is told that. */
  private static String silenced(@Nullable HoldView hold) {
    boolean untilItPages = hold != null && hold.severity() == Severity.TICKET;
    return sentence("silenced by %s until %s" + (untilItPages ? " or a page" : ""), hold);
  }

  /** {@code ada looks after it until 2026-03-01 14:00 UTC: on the bus}. */
  private static String sentence(String what, @Nullable HoldView hold) {
    if (hold == null) {
      return "";
    }
    String until = what.formatted(hold.by(), Formats.minute(hold.until()));
    return hold.reason().isEmpty() ? until : until + ": " + hold.reason();
  }

  /** One open incident. */
  private record Row(IncidentView incident, HeldSection section) {
    static final Slots<Row> SLOTS =
        new Slots<Row>()
            .text("id", row -> row.incident.id())
            .text("objective", row -> row.incident.key().toString())
            .text("path", row -> Formats.pathOf(row.incident.objective()))
            .text("kept", row -> row.section.kept("?"))
            .text("tone", row -> row.incident.severity() == Severity.PAGE ? "bad" : "warn")
            .text("status", Row::status)
            .text("opened", row -> row.incident.openedAt().toString())
            .text("openedAgo", row -> row.section.moment.ago(row.incident.openedAt()))
            .text(
                "acknowledged",
                row ->
                    sentence("%s looks after it until %s", row.incident.holds().acknowledgement()))
            .text("silenced", row -> silenced(row.incident.holds().silence()))
            .text(
                "unacknowledgeHidden",
                row -> Formats.yes(row.incident.holds().acknowledgement() == null))
            .text("unsilenceHidden", row -> Formats.yes(row.incident.holds().silence() == null))
            .text("forLabel", row -> "How long, for " + row.incident.id())
            .text("reasonLabel", row -> "Why, for " + row.incident.id());

    private String status() {
      return incident.severity().word() + ObjectiveRow.said(incident.holds());
    }
  }
}
