package dev.troth.slo.export;

import dev.troth.json.Json;
import dev.troth.slo.objective.AlertPolicy;
import dev.troth.slo.objective.Condition;
import dev.troth.slo.objective.Durations;
import dev.troth.slo.objective.MinimumEvidence;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The rules of one objective: events and bad events over each window that its alerts look at, their
 * ratio, and an alert for each severity.
 *
 * <p>An alert holds while a window has no events, as the platform's does: what is not seen has not
 * recovered. It reads that from {@code ALERTS}, in which Prometheus keeps what fires.
 */
final class BurnRules {
  /** Beyond this, the budget is made of the sums of whole hours: they are cheap to read. */
  private static final Duration DIRECT = Duration.ofDays(1);

  private static final Duration HOUR = Duration.ofHours(1);

  private final Objective objective;
  private final EventSource source;
  private final Map<Severity, String> alertNames = new LinkedHashMap<>();
  private final String lostName;

  BurnRules(Objective objective, EventSource source, LogicalNames names) {
    this.objective = objective;
    this.source = source;
    for (Severity severity : Severity.values()) {
      if (!conditions(severity).isEmpty()) {
        alertNames.put(
            severity, names.name(objective.name(), severity == Severity.PAGE ? "Page" : "Ticket"));
      }
    }
    lostName = names.name(objective.name(), "TelemetryLost");
  }

  /** Names of its alerts, by what they ask of people. */
  Map<Severity, String> alertNames() {
    return alertNames;
  }

  List<Json> all() {
    List<Json> rules = new ArrayList<>();
    for (Duration window : windows()) {
      rules.add(record(events(window), source.total(window)));
      rules.add(record(badEvents(window), source.bad(window)));
      rules.add(
          record(
              ratio(window),
              "%s / (%s > 0)".formatted(read(badEvents(window)), read(events(window)))));
    }
    if (source instanceof EventSource.Queries) {
      rules.add(record("objective:troth_budget_remaining:ratio", budget()));
    }
    alertNames.forEach((severity, name) -> rules.add(alert(severity, name)));
    rules.add(lost());
    return rules;
  }

  private TreeSet<Duration> windows() {
    TreeSet<Duration> windows = new TreeSet<>();
    for (Condition condition : policy().conditions()) {
      windows.add(condition.shortWindow());
      windows.add(condition.longWindow());
    }
    if (source instanceof EventSource.Queries) {
      Duration whole = objective.goal().window().length();
      windows.add(whole.compareTo(DIRECT) <= 0 ? whole : HOUR);
    }
    return windows;
  }

  private AlertPolicy policy() {
    return objective.rules().alerts();
  }

  private List<Condition> conditions(Severity severity) {
    return policy().conditions().stream()
        .filter(condition -> condition.severity() == severity)
        .toList();
  }

  private static String events(Duration window) {
    return "objective:troth_events:increase" + Durations.format(window);
  }

  private static String badEvents(Duration window) {
    return "objective:troth_bad_events:increase" + Durations.format(window);
  }

  private static String ratio(Duration window) {
    return "objective:troth_bad_ratio:" + Durations.format(window);
  }

  private String read(String record) {
    return "%s{objective=\"%s\"}".formatted(record, objective.name());
  }

  private Json record(String name, String expression) {
    return Shape.object(
        "record", name, "expr", expression, "labels", Shape.object("objective", objective.name()));
  }

  private String budget() {
    Duration whole = objective.goal().window().length();
    String share = Indicator.budget(objective).toPlainString();
    if (whole.compareTo(DIRECT) <= 0) {
      return "1 - %s / %s".formatted(read(ratio(whole)), share);
    }
    String range = "[%s:1h]".formatted(Durations.format(whole));
    return "1 - sum_over_time(%s%s) / (sum_over_time(%s%s) > 0) / %s"
        .formatted(read(badEvents(HOUR)), range, read(events(HOUR)), range, share);
  }

  private String burning(Condition condition) {
    String limit =
        "%s * %s"
            .formatted(
                Shape.plain(condition.above()).toPlainString(),
                Indicator.budget(objective).toPlainString());
    String brief = "%s > %s".formatted(read(ratio(condition.shortWindow())), limit);
    return condition.shortWindow().equals(condition.longWindow())
        ? brief
        : "%s and %s > %s".formatted(brief, read(ratio(condition.longWindow())), limit);
  }

  private String enough(Condition condition) {
    // The binomial test was refused before.
    int least = policy().gate() instanceof MinimumEvidence.BadEvents(int atLeast) ? atLeast : 1;
    return "round(%s) >= %d".formatted(read(badEvents(condition.longWindow())), least);
  }

  private Json alert(Severity severity, String name) {
    List<Condition> conditions = conditions(severity);
    Duration shortest =
        conditions.stream().map(Condition::shortWindow).min(Duration::compareTo).orElseThrow();
    String firing =
        "max by (objective) (ALERTS{alertname=\"%s\",objective=\"%s\",alertstate=\"firing\"})"
            .formatted(name, objective.name());
    String burning =
        conditions.stream()
            .map(condition -> "(%s and %s)".formatted(burning(condition), enough(condition)))
            .collect(Collectors.joining("\nor "));
    String still =
        conditions.stream()
            .map(condition -> "(%s)".formatted(burning(condition)))
            .collect(Collectors.joining(" or "));
    String expression =
        """
        %s
        or (%s and on (objective) (%s))
        or (%s unless on (objective) (%s > 0))\
        """
            .formatted(burning, firing, still, firing, read(events(shortest)));
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("alert", new Json.Str(name));
    members.put("expr", new Json.Str(expression));
    members.put(
        "keep_firing_for",
        new Json.Str(Durations.format(policy().resolveAfter().orElse(shortest))));
    members.put("labels", labels(severity));
    members.put("annotations", annotations(severity));
    return new Json.Obj(members);
  }

  Json labels(Severity severity) {
    return labels(severity, "burn");
  }

  /** {@code signal} tells the loss of telemetry, which no page may keep back, from a burn rate. */
  private Json labels(Severity severity, String signal) {
    return Shape.object(
        "objective",
        objective.name(),
        "service",
        objective.title().service(),
        "severity",
        severity.word(),
        "signal",
        signal);
  }

  Json annotations(Severity severity) {
    List<String> texts = conditions(severity).stream().map(Condition::text).toList();
    return Shape.object(
        "summary",
        objective.title().displayName() + " burns its error budget",
        "description",
        "Burn rates above %s of a budget of %s over %s."
            .formatted(
                String.join(" or ", texts),
                Indicator.budget(objective).toPlainString(),
                objective.goal().window().text()));
  }

  private Json lost() {
    Duration quiet = policy().lostAfter().orElse(TelemetryAlarms.QUIET);
    String total = source.total(quiet);
    return Shape.object(
        "alert",
        lostName,
        "expr",
        "%s == 0 or absent(%s)".formatted(total, total),
        "labels",
        labels(Severity.TICKET, "telemetry"),
        "annotations",
        Shape.object(
            "summary",
            "Telemetry of %s is lost: until it is back, its figure says nothing"
                .formatted(objective.name()),
            "description",
            "No event was counted for %s.".formatted(Durations.format(quiet))));
  }

  /** The series that the platform shows, for tests. */
  Optional<String> series(String metric) {
    return source instanceof EventSource.Platform(String name)
        ? Optional.of("%s{objective=\"%s\"}".formatted(metric, name))
        : Optional.empty();
  }
}
