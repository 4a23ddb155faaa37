package dev.troth.slo.export;

import dev.troth.json.Json;
import dev.troth.slo.backtest.Backtest;
import dev.troth.slo.backtest.Backtest.Alert;
import dev.troth.slo.backtest.Backtest.Minute;
import dev.troth.slo.objective.Condition;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A test of rules for {@code promtool}: minutes of counts, and when each alert must fire and end,
 * as the platform's engine has it.
 */
final class PromtoolTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final int A_MINUTE = 200;

  private PromtoolTest() {}

  static Json file(String rulesFile, List<Json> tests) {
    return Shape.object(
        "rule_files",
        Shape.list(rulesFile),
        "evaluation_interval",
        "1m",
        "tests",
        new Json.Arr(tests));
  }

  /** Quiet, then everything fails for as long as the first page takes and half as long, quiet. */
  static List<Minute> outage(Objective objective) {
    List<Condition> conditions = objective.rules().alerts().conditions();
    Condition first =
        conditions.stream()
            .filter(condition -> condition.severity() == Severity.PAGE)
            .findFirst()
            .orElse(conditions.getFirst());
    int longest = (int) first.longWindow().toMinutes();
    int outage = Math.max(2, longest / 2);
    List<Minute> minutes = new ArrayList<>();
    for (int i = 0; i < 4 * longest; i++) {
      boolean failing = i >= longest && i < longest + outage;
      minutes.add(
          new Minute(START.plusSeconds(60L * i), A_MINUTE, failing ? A_MINUTE * 9 / 10 : 0));
    }
    return minutes;
  }

  /** Holds the alerts of the rules against the engine's over these minutes, without pauses. */
  static Json of(Objective objective, BurnRules rules, List<Minute> minutes) {
    List<Alert> alerts = Backtest.run(withoutExclusions(objective), minutes).alerts();
    Instant start = minutes.getFirst().at();
    List<Json> expected = new ArrayList<>();
    rules
        .alertNames()
        .forEach((severity, name) -> {
          List<Alert> own = alerts.stream().filter(alert -> alert.severity() == severity).toList();
          TreeSet<Long> looks = new TreeSet<>(List.of((long) minutes.size()));
          for (Alert alert : own) {
            around(looks, start, alert.firedAt());
            alert.resolvedAt().ifPresent(end -> around(looks, start, end));
          }
          for (long minute : looks) {
            Instant at = start.plus(Duration.ofMinutes(minute));
            boolean firing =
                own.stream()
                    .anyMatch(alert ->
                        !alert.firedAt().isAfter(at)
                            && alert.resolvedAt().map(end -> end.isAfter(at)).orElse(true));
            expected.add(expectation(rules, severity, name, minute, firing));
          }
        });
    return Shape.object(
        "interval",
        "1m",
        "name",
        objective.name(),
        "input_series",
        Shape.list(
            series(rules, "troth_slo_events_total", minutes.stream().map(Minute::total).toList()),
            series(
                rules, "troth_slo_bad_events_total", minutes.stream().map(Minute::bad).toList())),
        "alert_rule_test",
        new Json.Arr(expected));
  }

  /** Rules do not keep them. */
  private static Objective withoutExclusions(Objective objective) {
    Objective.Rules rules = objective.rules();
    return new Objective(
        objective.title(),
        objective.measure(),
        objective.goal(),
        new Objective.Rules(rules.alerts(), List.of(), rules.policies()));
  }

  private static void around(TreeSet<Long> looks, Instant start, Instant at) {
    long minute = Duration.between(start, at).toMinutes();
    looks.add(Math.max(0, minute - 1));
    looks.add(minute);
  }

  private static Json expectation(
      BurnRules rules, Severity severity, String name, long minute, boolean firing) {
    Json alert =
        Shape.object(
            "exp_labels", rules.labels(severity), "exp_annotations", rules.annotations(severity));
    return Shape.object(
        "eval_time",
        minute + "m",
        "alertname",
        name,
        "exp_alerts",
        firing ? Shape.list(alert) : Shape.list());
  }

  /** A counter that begins at 0, in the short form of runs of the same increase. */
  private static Json series(BurnRules rules, String metric, List<Long> increases) {
    StringBuilder values = new StringBuilder("0");
    long value = 0;
    for (int i = 0; i < increases.size(); ) {
      long each = increases.get(i);
      int run = 1;
      while (i + run < increases.size() && increases.get(i + run) == each) {
        run++;
      }
      values.append(' ').append(value + each);
      if (run > 1) {
        values.append('+').append(each).append('x').append(run - 1);
      }
      value += each * run;
      i += run;
    }
    return Shape.object("series", rules.series(metric).orElseThrow(), "values", values.toString());
  }
}
