package dev.troth.slo.rules;

import dev.troth.slo.backtest.Backtest.Alert;
import dev.troth.slo.objective.Severity;
import dev.troth.slo.rules.Result.FailedException;
import dev.troth.slo.rules.Result.Sample;
import dev.troth.slo.rules.Result.Vector;
import dev.troth.slo.rules.RuleFile.Alerting;
import dev.troth.slo.series.LabelSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The alerts of one rule, one for each set of labels: pending, firing for as long as {@code
 * keep_firing_for} asks, over (Prometheus, {@code AlertingRule.Eval}).
 */
final class ActiveAlerts {
  private static final Set<String> TICKETS =
      Set.of("ticket", "warning", "warn", "info", "none", "low", "medium");

  private final Alerting rule;
  private final Severity severity;
  private final Map<LabelSet, Active> active = new LinkedHashMap<>();
  private final List<Alert> over = new ArrayList<>();

  private static final class Active {
    private final long since;
    private long fired = -1;
    private long quiet = -1;

    Active(long since) {
      this.since = since;
    }
  }

  ActiveAlerts(Alerting rule) {
    this.rule = rule;
    this.severity = severity(rule);
  }

  /** A ticket if the name or a label of the rule's severity speaks of one, else a page. */
  private static Severity severity(Alerting rule) {
    boolean ticket =
        rule.name().toLowerCase(Locale.ROOT).contains("ticket")
            || rule.labels().entrySet().stream()
                .anyMatch(label ->
                    label.getKey().endsWith("severity")
                        && TICKETS.contains(label.getValue().toLowerCase(Locale.ROOT)));
    return ticket ? Severity.TICKET : Severity.PAGE;
  }

  /** Goes on to an evaluation; returns the series of {@code ALERTS} as they are then. */
  Collection<LabelSet> step(Vector result, long time) {
    Set<LabelSet> held = new HashSet<>();
    for (Sample sample : result.samples()) {
      LabelSet labels = sample.labels().withoutName().with(rule.labels());
      if (!held.add(labels.with(Map.of("alertname", rule.name())))) {
        throw new FailedException("two alerts have the labels " + labels);
      }
    }
    held.forEach(labels -> active.computeIfAbsent(labels, _ -> new Active(time)).quiet = -1);
    List<LabelSet> series = new ArrayList<>();
    for (var each : Map.copyOf(active).entrySet()) {
      Active alert = each.getValue();
      if (!held.contains(each.getKey()) && ends(alert, time)) {
        active.remove(each.getKey());
        if (alert.fired >= 0) {
          over.add(alert(each.getKey(), alert, Optional.of(Instant.ofEpochMilli(time))));
        }
        continue;
      }
      if (alert.fired < 0 && time - alert.since >= rule.hold()) {
        alert.fired = time;
      }
      Map<String, String> state = new HashMap<>();
      state.put(LabelSet.NAME, "ALERTS");
      state.put("alertstate", alert.fired < 0 ? "pending" : "firing");
      series.add(each.getKey().with(state));
    }
    return series;
  }

  private boolean ends(Active alert, long time) {
    if (alert.fired < 0 || rule.keep() == 0) {
      return true;
    }
    if (alert.quiet < 0) {
      alert.quiet = time;
    }
    return time - alert.quiet >= rule.keep();
  }

  /** What fired, also what still does. */
  List<Alert> alerts() {
    List<Alert> all = new ArrayList<>(over);
    active.forEach((labels, alert) -> {
      if (alert.fired >= 0) {
        all.add(alert(labels, alert, Optional.empty()));
      }
    });
    return all;
  }

  private Alert alert(LabelSet labels, Active alert, Optional<Instant> end) {
    LabelSet own = labels.without(List.of("alertname")).without(rule.labels().keySet());
    String name = rule.name() + (own.equals(LabelSet.NONE) ? "" : own);
    return new Alert(severity, Instant.ofEpochMilli(alert.fired), end, name);
  }
}
