package dev.troth.server.console.explore;

import dev.troth.server.change.ChangeView;
import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.figure.Listing;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.frame.Visit;
import dev.troth.server.console.page.Slots;
import dev.troth.server.inbox.Inbox;
import dev.troth.server.inbox.NotificationView;
import dev.troth.server.incident.IncidentView;
import dev.troth.server.incident.Incidents;
import dev.troth.server.incident.Place;
import dev.troth.server.objective.ObjectiveFigures;
import dev.troth.server.objective.ObjectiveView;
import dev.troth.server.objective.Objectives;
import dev.troth.server.subject.Subjects;
import dev.troth.server.trace.TraceList;
import dev.troth.server.trace.TraceQuery;
import dev.troth.server.trace.Traces;
import dev.troth.watch.change.Target;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The tour of a demo: the way of the newest order, and of the newest failure, as it is now. */
public record TourPage(Listing<Step> steps, URI demo) {
  private static final String TOKENS = "orders-tokens";
  private static final String ORDERS = "orders";

  private static final Slots<TourPage> SLOTS =
      new Slots<TourPage>()
          .text("tour.state", page -> page.steps.state())
          .text("tour.trouble", page -> page.steps.trouble())
          .text("tour.headline", TourPage::headline)
          .text("tour.summary", TourPage::summary)
          .text("tour.mailbox", page -> page.demo.resolve("/demo/mailbox").toString())
          .text("tour.webhook", page -> page.demo.resolve("/demo/webhook").toString())
          .with("gate.", page -> page.step(0), Step.SLOTS)
          .with("order.", page -> page.step(1), Step.SLOTS)
          .with("contract.", page -> page.step(2), Step.SLOTS)
          .with("trace.", page -> page.step(3), Step.SLOTS)
          .with("objective.", page -> page.step(4), Step.SLOTS)
          .with("incident.", page -> page.step(5), Step.SLOTS)
          .with("told.", page -> page.step(6), Step.SLOTS)
          .with("recovery.", page -> page.step(7), Step.SLOTS);

  /** What the tour looks at. */
  public record Toured(
      Subjects subjects,
      Objectives objectives,
      Traces traces,
      Incidents incidents,
      Inbox inbox,
      Clock clock) {}

  /** How a step stands. */
  private enum Tone {
    KEPT("ok", "kept"),
    BROKEN("bad", "broken"),
    TOLD("ok", "told"),
    WAITING("", "waiting");

    private final String tone;
    private final String word;

    Tone(String tone, String word) {
      this.tone = tone;
      this.word = word;
    }
  }

  /**
   * One step of the tour.
   *
   * @param path what its page is called, after the page's own path; empty if there is none
   * @param now what it says now
   * @param id what links it to the step before
   */
  private record Step(String path, String now, String id, Tone tone) {
    static final Step UNKNOWN = new Step("", Formats.UNKNOWN, "", Tone.WAITING);

    static final Slots<Step> SLOTS =
        new Slots<Step>()
            .text("path", Step::path)
            .text("linkHidden", step -> Formats.yes(step.path.isEmpty()))
            .text("noLinkHidden", step -> Formats.yes(!step.path.isEmpty()))
            .text("now", Step::now)
            .text("id", Step::id)
            .text("tone", step -> step.tone.tone)
            .text("word", step -> step.tone.word);
  }

  /** The page over its services; {@code demo} is where the demo's mailbox answers. */
  public static Page<TourPage> with(Toured services, URI demo) {
    return Page.at(
        "/tour",
        "tour.html",
        SLOTS,
        visit -> new TourPage(Listing.ask("The tour", () -> steps(services, visit)), demo));
  }

  private static List<Step> steps(Toured services, Visit visit) {
    Instant now = services.clock().instant();
    Optional<ChangeView> order =
        services
            .subjects()
            .changes(visit.caller(), Target.parse("order/*"), Long.MAX_VALUE, 1)
            .items()
            .stream()
            .findFirst();
    Optional<IncidentView> incident =
        services.incidents().list(Optional.empty(), Place.FIRST, 1).incidents().stream()
            .findFirst();
    List<NotificationView> told =
        services
            .inbox()
            .page(visit.caller(), visit.caller().user(), Inbox.Wanted.ALL, Long.MAX_VALUE, 100)
            .items();
    return List.of(
        promise(objective(services, TOKENS), TOKENS),
        ordered(order, now),
        contract(order),
        trace(order, () -> newest(services)),
        promise(objective(services, ORDERS), ORDERS),
        incident(incident, now),
        told(told, incident, "alert.fired", now),
        recovered(told, incident, now));
  }

  private static Optional<ObjectiveView> objective(Toured services, String name) {
    return services.objectives().list().objectives().stream()
        .filter(ObjectiveView.class::isInstance)
        .map(ObjectiveView.class::cast)
        .filter(view -> view.identity().name().equals(name))
        .findFirst();
  }

  private static Step promise(Optional<ObjectiveView> found, String name) {
    Optional<ObjectiveFigures.Requests> requests =
        found.map(view -> view.figures().requests()).filter(counts -> counts.total() > 0);
    boolean isBurning = found.filter(Objectives::isBurning).isPresent();
    Tone tone = requests.isEmpty() ? Tone.WAITING : isBurning ? Tone.BROKEN : Tone.KEPT;
    String now =
        requests
            .map(counts ->
                "%s of %s good in the last hour"
                    .formatted(Formats.grouped(counts.good()), Formats.grouped(counts.total())))
            .orElse("no request yet");
    return new Step(name, now, found.map(view -> view.identity().subject()).orElse(""), tone);
  }

  private static Step ordered(Optional<ChangeView> order, Instant now) {
    return new Step(
        order.map(change -> Formats.pathOf(change.subject())).orElse("order/*"),
        order
            .map(change ->
                "placed %s%s"
                    .formatted(
                        Formats.ago(now, change.at()),
                        attribute(change, "authid").map(who -> " by " + who).orElse("")))
            .orElse("no order yet"),
        order.map(ChangeView::subject).orElse(""),
        order.isPresent() ? Tone.KEPT : Tone.WAITING);
  }

  private static Step contract(Optional<ChangeView> order) {
    Optional<String> version =
        order
            .flatMap(change -> attribute(change, "dataschema"))
            .map(schema -> schema.replaceFirst(".*/versions/", ""));
    return new Step(
        "order_placed-value",
        version
            .map(number -> "version %s of order_placed-value".formatted(number))
            .orElse("no event yet"),
        order.flatMap(change -> attribute(change, "id")).orElse(""),
        version.isPresent() ? Tone.KEPT : Tone.WAITING);
  }

  /** The newest request: an event names its trace only where somebody made one. */
  private static Optional<String> newest(Toured services) {
    Map<String, String> placed =
        Map.of("service", "orders-api", "name", "POST /orders", "limit", "1");
    return services
        .traces()
        .list(TraceQuery.parse(name -> Optional.ofNullable(placed.get(name))))
        .traces()
        .stream()
        .map(TraceList.Row::id)
        .findFirst();
  }

  private static Step trace(Optional<ChangeView> order, Supplier<Optional<String>> newest) {
    Optional<String> named =
        order
            .flatMap(change -> attribute(change, "traceparent"))
            .filter(text -> text.matches("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}"))
            .map(text -> text.substring(3, 35));
    Optional<String> trace = named.or(newest);
    return new Step(
        trace.orElse(""),
        named.isPresent()
            ? "the event names its trace"
            : trace.isPresent() ? "the newest request" : "no trace yet",
        trace.orElse(""),
        trace.isPresent() ? Tone.KEPT : Tone.WAITING);
  }

  private static Step incident(Optional<IncidentView> incident, Instant now) {
    boolean open = incident.filter(one -> one.state() == IncidentView.State.OPEN).isPresent();
    return new Step(
        "",
        incident
            .map(one ->
                open
                    ? "open, began " + Formats.ago(now, one.openedAt())
                    : "resolved " + ago(now, one.resolvedAt()))
            .orElse("nothing is wrong"),
        incident.map(IncidentView::id).orElse(""),
        open ? Tone.BROKEN : incident.isPresent() ? Tone.KEPT : Tone.WAITING);
  }

  private static Step told(
      List<NotificationView> told, Optional<IncidentView> incident, String type, Instant now) {
    Optional<NotificationView> found = of(told, incident, type);
    return new Step(
        "",
        found
            .map(one -> "told " + Formats.ago(now, one.change().at()))
            .orElse("nobody had to be told"),
        found.map(one -> "change " + one.change().seq()).orElse(""),
        found.isPresent() ? Tone.TOLD : Tone.WAITING);
  }

  private static Step recovered(
      List<NotificationView> told, Optional<IncidentView> incident, Instant now) {
    Optional<NotificationView> found = of(told, incident, "alert.resolved");
    return new Step(
        "",
        found
            .map(one -> "recovered " + Formats.ago(now, one.change().at()))
            .orElse(incident.isPresent() ? "not yet" : "nothing to recover from"),
        found.map(one -> "change " + one.change().seq()).orElse(""),
        found.isPresent() ? Tone.TOLD : Tone.WAITING);
  }

  /** The newest notification of a kind about the incident. */
  private static Optional<NotificationView> of(
      List<NotificationView> told, Optional<IncidentView> incident, String type) {
    return told.stream()
        .filter(one -> one.change().type().equals(type))
        .filter(one ->
            incident.filter(open -> open.id().equals(field(one.change(), "incident"))).isPresent())
        .findFirst();
  }

  private static @Nullable Object field(ChangeView change, String name) {
    Map<String, @Nullable Object> after = change.after();
    return after == null ? null : after.get(name);
  }

  private static Optional<String> attribute(ChangeView change, String name) {
    Map<String, @Nullable Object> event = change.event();
    return event == null
        ? Optional.empty()
        : Optional.ofNullable(event.get(name)).map(Object::toString);
  }

  private static String ago(Instant now, @Nullable Instant at) {
    return at == null ? "just now" : Formats.ago(now, at);
  }

  private Step step(int index) {
    return steps.rows().isEmpty() ? Step.UNKNOWN : steps.rows().get(index);
  }

  private String headline() {
    long broken = steps.rows().stream().filter(step -> step.tone == Tone.BROKEN).count();
    return broken == 0 ? "Every promise is kept" : "A promise is broken";
  }

  private String summary() {
    long waiting = steps.rows().stream().filter(step -> step.tone == Tone.WAITING).count();
    return waiting == 0
        ? "all steps were seen"
        : "%d of %d steps were seen".formatted(steps.rows().size() - waiting, steps.rows().size());
  }
}
