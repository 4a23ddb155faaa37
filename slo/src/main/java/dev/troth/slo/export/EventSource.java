package dev.troth.slo.export;

import dev.troth.slo.chain.Chain;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Durations;
import dev.troth.slo.objective.EventQueries;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.MinimumEvidence;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where Prometheus finds the events of an objective, as PromQL over a window. */
sealed interface EventSource {
  /** All events of a window that ends now. */
  String total(Duration window);

  /** The bad ones. */
  String bad(Duration window);

  /** The counters that the platform shows at {@code /metrics}: what it counted by request. */
  record Platform(String objective) implements EventSource {
    @Override
    public String total(Duration window) {
      return increase("troth_slo_events_total", window);
    }

    @Override
    public String bad(Duration window) {
      return increase("troth_slo_bad_events_total", window);
    }

    private String increase(String metric, Duration window) {
      // Over all replicas: one at a time counts.
      return "sum(increase(%s{objective=\"%s\"}[%s]))"
          .formatted(metric, objective, Durations.format(window));
    }
  }

  /** The queries of an objective file. */
  record Queries(EventQueries queries) implements EventSource {
    private static final Pattern RATE = Pattern.compile("\\bi?rate\\s*\\(");
    private static final Pattern INCREASE =
        Pattern.compile("\\b(increase|sum_over_time|count_over_time)\\s*\\(");

    @Override
    public String total(Duration window) {
      return events(queries.total(), window);
    }

    /** Bad events have no series before the first of them; all events say that they are 0. */
    @Override
    public String bad(Duration window) {
      String counted = events(queries.counted(), window);
      return queries.countsGood()
          ? "%s - %s".formatted(total(window), counted)
          : "%s or 0 * %s".formatted(counted, total(window));
    }

    private static String events(String query, Duration window) {
      String text = Durations.format(window);
      String whole = EventQueries.over(query.strip(), text);
      return RATE.matcher(query).find()
          ? "sum(%s) * %d".formatted(whole, window.toSeconds())
          : "sum(%s)".formatted(whole);
    }

    private static Optional<String> wrong(String query) {
      boolean rate = RATE.matcher(query).find();
      if (!EventQueries.hasWindow(query)) {
        return Optional.of(
            "its query has no {{.window}}, so it counts over no window: write"
                + " sum(increase(…[{{.window}}])), not '%s'".formatted(query.strip()));
      }
      return rate == INCREASE.matcher(query).find()
          ? Optional.of(
              "its query counts neither by rate alone nor by increase, sum_over_time or count_over_time alone: '%s'"
                  .formatted(query.strip()))
          : Optional.empty();
    }
  }

  /** Where an objective's events are; nothing for one that was refused. */
  static EventSource of(Objective objective, Loaded loaded) {
    return queries(objective, loaded)
        .<EventSource>map(Queries::new)
        .orElseGet(() -> new Platform(objective.name()));
  }

  private static Optional<EventQueries> queries(Objective objective, Loaded loaded) {
    return Optional.ofNullable(loaded.details().get(objective.name()))
        .flatMap(Loaded.Detail::queries);
  }

  /** Why its events cannot be counted by queries; empty if they can. */
  static List<String> uncountable(Objective objective, Loaded loaded) {
    List<String> refusals = new ArrayList<>();
    Optional<EventQueries> queries = queries(objective, loaded);
    if (objective.measure() instanceof Measure.Unmeasured(String reason) && queries.isEmpty()) {
      refusals.add("it is unmeasured: " + reason);
    }
    queries.ifPresent(both ->
        List.of(both.total(), both.counted())
            .forEach(query -> Queries.wrong(query).ifPresent(refusals::add)));
    if (objective.kind() == CountingMethod.INTERVAL) {
      refusals.add("an interval has two bounds, and a rule one value");
    }
    if (objective.kind() == CountingMethod.ADDITIVE) {
      refusals.add("an additive figure is no success rate");
    }
    return refusals.stream().map(why -> objective.name() + ": " + why).toList();
  }

  /** Why rules cannot keep it; empty if they can. */
  static List<String> refusals(Objective objective, Loaded loaded) {
    List<String> refusals = new ArrayList<>();
    objective
        .goal()
        .slices()
        .ifPresent(slices ->
            refusals.add("time slices are judged by the platform and by replays, not by rules"));
    if (objective.rules().alerts().gate() instanceof MinimumEvidence.Unlikely) {
      refusals.add("a binomial test cannot be written in PromQL; give minBadEvents");
    }
    objective
        .rules()
        .maintenance()
        .forEach(one ->
            refusals.add(
                "maintenance '%s' is %s: rules would count that time"
                    .formatted(one.name(), one.text())));
    objective
        .chain()
        .flatMap(Chain::alertsBy)
        .ifPresent(by ->
            refusals.add(
                "groups by %s alert, but rules count all requests together; export with alertOn: total"
                    .formatted(by)));
    if (objective.goal().window() instanceof Window.Calendar
        && queries(objective, loaded).isPresent()) {
      refusals.add(
          "the window is a %s, but rules look back a fixed time"
              .formatted(objective.goal().window().text()));
    }
    List<String> all = new ArrayList<>(uncountable(objective, loaded));
    refusals.forEach(why -> all.add(objective.name() + ": " + why));
    return all;
  }
}
