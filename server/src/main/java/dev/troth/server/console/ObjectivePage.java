package dev.troth.server.console;

import dev.troth.server.console.ObjectiveRow.Badge;
import dev.troth.server.console.ObjectiveRow.Meter;
import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.frame.AsOf;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.frame.Visit;
import dev.troth.server.console.page.Slots;
import dev.troth.server.error.DomainException;
import dev.troth.server.incident.AlertView;
import dev.troth.server.incident.Incidents;
import dev.troth.server.objective.BrokenFile;
import dev.troth.server.objective.EvidenceView;
import dev.troth.server.objective.MaintenanceView;
import dev.troth.server.objective.ObjectiveDetail;
import dev.troth.server.objective.ObjectiveDetail.Notes;
import dev.troth.server.objective.ObjectiveDetail.Policy;
import dev.troth.server.objective.ObjectiveDetail.Stretch;
import dev.troth.server.objective.ObjectiveEntry;
import dev.troth.server.objective.ObjectiveFigures;
import dev.troth.server.objective.ObjectiveFigures.BurnView;
import dev.troth.server.objective.ObjectiveView;
import dev.troth.server.objective.ObjectiveView.Measured;
import dev.troth.server.objective.Objectives;
import dev.troth.server.objective.UnseenView;
import dev.troth.server.trace.BadRequests;
import dev.troth.slo.objective.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One objective: the three figures, its chain, its charts, its burn rates and its alerts. */
record ObjectivePage(
    ObjectiveDetail detail,
    String range,
    AsOf asOf,
    HeldSection held,
    GroupSection groups,
    BadSection bad) {
  private static final Slots<ObjectivePage> SLOTS =
      new Slots<ObjectivePage>()
          .text("objective.name", page -> page.view().identity().name())
          .text("objective.title", page -> ObjectiveRow.title(page.view()))
          .text("objective.description", page -> page.detail.description())
          .text("objective.tone", page -> page.badge().tone())
          .text("objective.state", page -> page.badge().word())
          .text("objective.reason", page -> Formats.length(page.view().status().stateReason()))
          .text("objective.measured", ObjectivePage::measured)
          .text("objective.availability", page -> Formats.percent(page.figures().availability()))
          .text("objective.availabilityTone", ObjectivePage::availabilityTone)
          .text(
              "objective.promise",
              page -> "promised " + ObjectiveRow.promise(page.view()) + page.calendar())
          .text("objective.naive", ObjectivePage::naive)
          .text("objective.budget", page -> page.meter().left())
          .text("objective.budgetTone", page -> page.meter().tone())
          .text("objective.budgetWidth", page -> page.meter().width())
          .text("objective.budgetRequests", ObjectivePage::budgetRequests)
          .text("objective.budgetTime", ObjectivePage::budgetTime)
          .text("objective.p95", page -> Formats.millis(page.figures().p95Millis()))
          .text("objective.requests", ObjectivePage::requests)
          .text("objective.extent", ObjectivePage::extent)
          .with(
              "",
              page ->
                  new ChainSection(
                      page.view().identity().name(), page.asOf.at(), page.detail.chain()),
              ChainSection.SLOTS)
          .with("", ObjectivePage::asOf, AsOf.SLOTS)
          .with("", ObjectivePage::held, HeldSection.SLOTS)
          .with("", ObjectivePage::groups, GroupSection.SLOTS)
          .with("", ObjectivePage::bad, BadSection.SLOTS)
          .with(
              "", page -> new ChartSection(page.detail, page.range, page.asOf), ChartSection.SLOTS)
          .with(
              "",
              page -> new NoteSection(page.detail.notes(), page.view().evidence()),
              NoteSection.SLOTS)
          .text("burn.state", page -> stateOf(page.figures().burn()))
          .text("burn.trouble", page -> "")
          .each("burn", page -> page.figures().burn(), burn())
          .text("alerts.state", page -> stateOf(page.detail.alerts()))
          .text("alerts.trouble", page -> "")
          .each("alerts", ObjectivePage::alerts, Alert.SLOTS);

  static Page<ObjectivePage> with(Objectives service, Incidents incidents, BadRequests requests) {
    return Page.at(
            "/objectives/{+id}",
            "objective.html",
            SLOTS,
            visit ->
                detail(service, visit)
                    .map(detail -> of(detail, service, incidents, requests, visit))
                    .orElseThrow(() -> missing(service, visit.id())))
        .taking((form, visit) -> HeldSection.act(incidents, form, visit));
  }

  private static Optional<ObjectiveDetail> detail(Objectives service, Visit visit) {
    Optional<Duration> range = ChartSection.length(range(visit));
    return visit
        .at()
        .map(at -> service.detail(visit.id(), range, at))
        .orElseGet(() -> service.detail(visit.id(), range));
  }

  private static String range(Visit visit) {
    return visit.query().getOrDefault("range", "");
  }

  private static ObjectivePage of(
      ObjectiveDetail detail,
      Objectives service,
      Incidents incidents,
      BadRequests requests,
      Visit visit) {
    String name = detail.objective().identity().name();
    return new ObjectivePage(
        detail,
        range(visit),
        AsOf.of(Formats.pathOf(name), visit, detail.asOf()),
        HeldSection.of(incidents, name, visit),
        GroupSection.of(service.breakdown(), name, visit),
        BadSection.of(requests, name, visit, detail.now()));
  }

  /** A line of the list that stands for a broken file leads here too, and learns what is wrong. */
  private static DomainException missing(Objectives service, String id) {
    for (ObjectiveEntry entry : service.list().objectives()) {
      if (entry instanceof BrokenFile broken && broken.name().equals(id)) {
        return new DomainException.Invalid(
            "This objective cannot be read, so it watches over nothing: " + broken.error());
      }
    }
    return new DomainException.NotFound("there is no objective '%s'".formatted(id));
  }

  private ObjectiveView view() {
    return detail.objective();
  }

  private ObjectiveFigures figures() {
    return view().figures();
  }

  private Badge badge() {
    return Badge.of(view()).with(ObjectiveRow.said(view().holds()));
  }

  private Meter meter() {
    return Meter.of(figures().budget());
  }

  private String measured() {
    return view().identity().measure() == Measured.LATENCY ? "Fast enough" : "Availability";
  }

  private String availabilityTone() {
    return figures().availability() == null || ObjectivesPage.isKept(view()) ? "ok" : "bad";
  }

  /** What the usual recipe would claim, so that nobody wonders why another dashboard differs. */
  private String naive() {
    return detail.additive() == null
        ? ""
        : "adding the steps' failures up would say " + Formats.percent(detail.additive());
  }

  private String budgetRequests() {
    ObjectiveFigures.Budget budget = figures().budget();
    return budget == null
        ? "requests are not known"
        : "%s of %s requests may still fail"
            .formatted(whole(Math.max(0, budget.remaining())), whole(budget.allowed()));
  }

  private String budgetTime() {
    ObjectiveFigures.Budget budget = figures().budget();
    return budget == null
        ? ""
        : "time equivalent " + Formats.length(budget.timeEquivalent()).replace('-', '\u2212');
  }

  private String requests() {
    ObjectiveFigures.Requests requests = figures().requests();
    String least =
        requests.badAtLeast() == requests.bad()
            ? ""
            : Formats.grouped(requests.badAtLeast()) + " to ";
    return "%s, %s%s failed"
        .formatted(
            Formats.counted(requests.total(), "request", "requests"),
            least,
            Formats.grouped(requests.bad()));
  }

  /** What the figures above do not cover, so that nobody takes a part for the whole. */
  private String extent() {
    String left = leftOut();
    long unknown = figures().requests().unknown();
    long gap = view().gapMinutes();
    if (unknown == 0 && gap == 0) {
      return left;
    }
    return "%s unknown, %s without data%s"
        .formatted(
            Formats.grouped(unknown),
            Formats.counted(gap, "minute", "minutes"),
            left.isEmpty() ? "" : ", " + left);
  }

  private String leftOut() {
    long requests = view().evidence().leftOut().stream().mapToLong(one -> one.requests()).sum();
    boolean now = view().evidence().leftOut().stream().anyMatch(one -> one.now());
    return (now ? "in maintenance" + (requests > 0 ? ", " : "") : "")
        + (requests > 0 ? Formats.grouped(requests) + " left out by maintenance" : "");
  }

  /** Since when the window counts and until when, if it begins anew. */
  private String calendar() {
    ObjectiveView.WindowView window = view().goal().window();
    Instant from = window.from();
    Instant to = window.to();
    return from == null || to == null
        ? ""
        : ", since %s, anew %s (%s)"
            .formatted(Formats.minute(from), Formats.minute(to), window.timeZone());
  }

  private static String whole(double requests) {
    return Formats.grouped((long) Math.floor(requests));
  }

  private static Slots<BurnView> burn() {
    return new Slots<BurnView>()
        .text("severity", row -> row.severity().word())
        .text("windows", row -> Formats.length(row.shortWindow() + " and " + row.longWindow()))
        .text("short", row -> Formats.rate(row.shortBurn()))
        .text("long", row -> Formats.rate(row.longBurn()))
        .text("threshold", row -> Formats.rate(row.threshold()))
        .text("status", row -> row.status().word())
        .text("tone", ObjectivePage::burnTone);
  }

  private static String burnTone(BurnView row) {
    return switch (row.status()) {
      case BURNING -> row.severity() == Severity.PAGE ? "bad" : "warn";
      case QUIET, INSUFFICIENT_TRAFFIC, NO_DATA -> "quiet";
    };
  }

  private static String stateOf(List<?> rows) {
    return rows.isEmpty() ? "empty" : "ok";
  }

  private List<Alert> alerts() {
    return detail.alerts().stream().map(alert -> new Alert(alert, detail.now())).toList();
  }

  /** One alert that fired. */
  private record Alert(AlertView view, Instant now) {
    static final Slots<Alert> SLOTS =
        new Slots<Alert>()
            .text("severity", alert -> alert.view.severity().word())
            .text("tone", Alert::tone)
            .text("fired", alert -> alert.view.firedAt().toString())
            .text("firedAgo", alert -> Formats.ago(alert.now, alert.view.firedAt()))
            .text("resolved", Alert::resolved)
            .text("lasted", alert -> Formats.span(alert.lasted()))
            .text("condition", Alert::condition)
            .text("incident", alert -> alert.view.incident());

    private String condition() {
      String condition = Formats.length(view.condition());
      String of = view.group() == null ? "" : view.group() + ": ";
      return view.unseen() == null
          ? of + condition
          : of + condition + " · explained by loss? " + view.unseen();
    }

    private String tone() {
      if (view.resolvedAt() != null) {
        return "quiet";
      }
      return view.severity() == Severity.PAGE ? "bad" : "warn";
    }

    private String resolved() {
      Instant at = view.resolvedAt();
      return at == null ? "still firing" : Formats.ago(now, at);
    }

    private Duration lasted() {
      Instant end = view.resolvedAt();
      return Duration.between(view.firedAt(), end == null ? now : end);
    }
  }

  /**
   * What bends an objective's figures: budget policies, times left out, times without data, what
   * was dropped, and what cannot be seen.
   */
  private record NoteSection(Notes view, EvidenceView evidence) {
    static final Slots<NoteSection> SLOTS =
        new Slots<NoteSection>()
            .text("notes.state", section -> section.notes().isEmpty() ? "empty" : "ok")
            .text("notes.trouble", section -> "")
            .each(
                "notes",
                NoteSection::notes,
                new Slots<Note>()
                    .text("kind", Note::kind)
                    .text("what", Note::what)
                    .text("when", Note::when));

    private record Note(String kind, String what, String when) {}

    private List<Note> notes() {
      List<Note> notes = new ArrayList<>();
      for (Policy policy : view.policies()) {
        String reached = policy.crossed() ? "reached" : "not reached";
        String share = "at %d %% of the budget".formatted(policy.atPercent());
        notes.add(new Note("Policy", policy.action(), share + ", " + reached));
      }
      view.exclusions().forEach(stretch -> notes.add(note("Excluded", stretch)));
      view.maintenance().forEach(one -> notes.add(note(one)));
      view.gaps().forEach(stretch -> notes.add(note("No data", stretch)));
      evidence
          .dropped()
          .forEach((reason, count) ->
              notes.add(new Note("Dropped", reason, Formats.grouped(count) + " since the start")));
      if (evidence.sampled() > 0) {
        String count = Formats.grouped(evidence.sampled()) + " since the start";
        notes.add(new Note("Refused", "requests of senders that sample", count));
      }
      evidence.notes().forEach(note -> notes.add(new Note("Not seen", note, "")));
      notes.addAll(unseen());
      return notes;
    }

    /** What the agents say of themselves, over the window. */
    private List<Note> unseen() {
      UnseenView unseen = evidence.unseen();
      List<Note> notes = new ArrayList<>();
      if (unseen == null) {
        return notes;
      }
      unseen
          .reasons()
          .forEach((reason, count) ->
              notes.add(
                  new Note(
                      "Not seen",
                      "by the agents: " + reason,
                      "at most " + Formats.counted(count, "request", "requests"))));
      if (unseen.calls() > 0) {
        notes.add(
            new Note(
                "Not seen",
                "what caused some calls",
                Formats.counted(unseen.calls(), "call", "calls")));
      }
      if (unseen.connections() > 0) {
        notes.add(
            new Note(
                "Not seen",
                "what connections held that the agents cannot read: the truth may lie outside of"
                    + " the bounds",
                Formats.counted(unseen.connections(), "connection", "connections")));
      }
      return notes;
    }

    private static Note note(MaintenanceView one) {
      Instant from = one.from();
      Instant to = one.to();
      String when =
          from == null || to == null
              ? ""
              : "%s %s to %s; "
                  .formatted(one.now() ? "now," : "next", Formats.minute(from), Formats.minute(to));
      return new Note(
          "Maintenance",
          "%s: %s, %s".formatted(one.name(), one.reason(), Formats.length(one.rule())),
          "%s%s left out, %s of them bad"
              .formatted(
                  when,
                  Formats.counted(one.requests(), "request", "requests"),
                  Formats.grouped(one.bad())));
    }

    private static Note note(String kind, Stretch stretch) {
      String when =
          "%s to %s".formatted(Formats.minute(stretch.from()), Formats.minute(stretch.to()));
      return new Note(kind, stretch.reason(), when);
    }
  }
}
