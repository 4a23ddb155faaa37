package dev.troth.slo.rules;

import dev.troth.slo.backtest.Backtest.Alert;
import dev.troth.slo.promql.Meaning;
import dev.troth.slo.promql.Query.Selector;
import dev.troth.slo.rules.Result.FailedException;
import dev.troth.slo.rules.Result.Sample;
import dev.troth.slo.rules.Result.Scalar;
import dev.troth.slo.rules.Result.Vector;
import dev.troth.slo.rules.RuleFile.Alerting;
import dev.troth.slo.rules.RuleFile.Group;
import dev.troth.slo.rules.RuleFile.Recording;
import dev.troth.slo.rules.RuleFile.Rule;
import dev.troth.slo.series.LabelSet;
import dev.troth.slo.series.Series;
import dev.troth.slo.series.SeriesStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Replays a history through a rule file: what its alerts would have done.
 *
 * <pre>{@code
 * Report report = RuleReplay.run(rules, OpenMetricsReader.read(lines), percent -> {});
 * }</pre>
 *
 * <p>Groups are evaluated in the order of the file, each at whole multiples of its interval.
 * Recorded series go on from the first sample; rules that no alert needs are left out.
 */
public final class RuleReplay {
  private static final String ALERTS = "ALERTS";
  private static final int MOST_RECORDED = 10_000;

  private final RuleFile file;
  private final SeriesStore store;
  private final Set<String> needed = new HashSet<>();
  private final Map<Alerting, ActiveAlerts> alerts = new IdentityHashMap<>();
  private final Map<Rule, Set<Series>> written = new IdentityHashMap<>();
  private final Map<Group, Evaluation> evaluations = new IdentityHashMap<>();
  private final Set<String> notKnown = new LinkedHashSet<>();
  private final Set<Rule> failed = new HashSet<>();

  private RuleReplay(RuleFile file, SeriesStore data) {
    this.file = file;
    Set<String> made = new HashSet<>(Set.of(ALERTS));
    Map<String, List<Rule>> recorded = new HashMap<>();
    for (Rule rule : rules()) {
      if (rule instanceof Recording) {
        made.add(rule.name());
        recorded.computeIfAbsent(rule.name(), _ -> new ArrayList<>()).add(rule);
      }
    }
    this.store = data.without(made, MOST_RECORDED);
    rules().stream().filter(Alerting.class::isInstance).forEach(rule -> need(rule, recorded, data));
    for (Group group : file.groups()) {
      evaluations.put(group, new Evaluation(store, group.interval()));
    }
  }

  /**
   * What would have happened.
   *
   * @param notKnown of which rules something is not known, and why
   */
  public record Report(List<Alert> alerts, List<String> notKnown) {
    public Report {
      alerts = List.copyOf(alerts);
      notKnown = List.copyOf(notKnown);
    }
  }

  private List<Rule> rules() {
    return file.groups().stream().flatMap(group -> group.rules().stream()).toList();
  }

  /** Follows the names of an expression to the rules that make them. */
  private void need(Rule rule, Map<String, List<Rule>> recorded, SeriesStore data) {
    for (Selector selector : Meaning.selectors(rule.query())) {
      String name = selector.name();
      if (name.isEmpty()) {
        recorded.forEach((record, rules) -> {
          if (needed.add(record)) {
            rules.forEach(one -> need(one, recorded, data));
          }
        });
      } else if (recorded.containsKey(name)) {
        if (needed.add(name)) {
          recorded.getOrDefault(name, List.of()).forEach(one -> need(one, recorded, data));
        }
      } else if (!name.equals(ALERTS) && !data.names().contains(name)) {
        notKnown.add("%s: the history holds no series of %s".formatted(rule.name(), name));
      }
    }
  }

  /**
   * Runs over the whole history.
   *
   * @param progress is told how many per cent are done
   * @throws RefusedRulesException if it would take too many steps
   */
  public static Report run(RuleFile file, SeriesStore data, IntConsumer progress)
      throws RefusedRulesException {
    refuseEndless(file, data.last() - data.first());
    return new RuleReplay(file, data).run(data.first(), data.last(), progress);
  }

  private static void refuseEndless(RuleFile file, long span) throws RefusedRulesException {
    double all = 0;
    for (Group group : file.groups()) {
      for (Rule rule : group.rules()) {
        double steps = Effort.steps(rule.query(), span, group.interval());
        all += steps;
        if (steps > Effort.MOST_STEPS) {
          throw new RefusedRulesException(
              List.of(Effort.tooMuch("the expr of " + rule.name(), steps)));
        }
      }
    }
    if (all > Effort.MOST_STEPS) {
      throw new RefusedRulesException(List.of(Effort.tooMuch("all rules together", all)));
    }
  }

  private Report run(long first, long last, IntConsumer progress) {
    long step =
        file.groups().stream().mapToLong(Group::interval).reduce(RuleReplay::divisor).orElse(1);
    int told = -1;
    for (long time = Math.ceilDiv(first, step) * step; time <= last; time += step) {
      for (Group group : file.groups()) {
        if (time % group.interval() == 0) {
          evaluate(group, time);
        }
      }
      int percent = (int) (100 * (time - first) / Math.max(1, last - first));
      if (percent > told) {
        told = percent;
        progress.accept(percent);
      }
    }
    List<Alert> all = new ArrayList<>();
    rules()
        .forEach(rule -> {
          ActiveAlerts active = rule instanceof Alerting alerting ? alerts.get(alerting) : null;
          if (active != null) {
            all.addAll(active.alerts());
          }
        });
    all.sort(Comparator.comparing(Alert::firedAt));
    return new Report(all, List.copyOf(notKnown));
  }

  private static long divisor(long one, long other) {
    return other == 0 ? one : divisor(other, one % other);
  }

  private void evaluate(Group group, long time) {
    Evaluation evaluation = evaluations.get(group);
    for (Rule rule : group.rules()) {
      if (evaluation == null || (rule instanceof Recording && !needed.contains(rule.name()))) {
        continue;
      }
      try {
        Vector result =
            switch (evaluation.at(rule.query(), time)) {
              case Vector vector -> vector;
              case Scalar(double value) -> new Vector(List.of(new Sample(LabelSet.NONE, value)));
            };
        switch (rule) {
          case Recording recording -> record(recording, result, time);
          case Alerting alerting -> {
            ActiveAlerts active = alerts.computeIfAbsent(alerting, ActiveAlerts::new);
            Map<LabelSet, Double> series = new HashMap<>();
            active.step(result, time).forEach(labels -> series.put(labels, 1.0));
            write(rule, series, time);
          }
        }
      } catch (FailedException wrong) {
        if (failed.add(rule)) {
          notKnown.add(
              "%s: fails at %s: %s"
                  .formatted(rule.name(), Instant.ofEpochMilli(time), wrong.getMessage()));
        }
      }
    }
  }

  private void record(Recording rule, Vector result, long time) {
    Map<String, String> own = new HashMap<>(rule.labels());
    own.put(LabelSet.NAME, rule.name());
    Map<LabelSet, Double> values = new HashMap<>();
    for (Sample sample : result.samples()) {
      if (values.put(sample.labels().with(own), sample.value()) != null) {
        throw new FailedException("two recorded series have the same labels");
      }
    }
    write(rule, values, time);
  }

  /** Appends to series; those that were there before and are not now end with a mark. */
  private void write(Rule rule, Map<LabelSet, Double> values, long time) {
    Set<Series> before = written.getOrDefault(rule, Set.of());
    Set<Series> now = new HashSet<>();
    values.forEach((labels, value) -> {
      Series series = store.series(labels);
      now.add(series);
      append(series, time, value);
    });
    for (Series series : before) {
      if (!now.contains(series)) {
        append(series, time, Series.STALE);
      }
    }
    written.put(rule, now);
  }

  /** Of two rules that write one series at once, Prometheus keeps the first. */
  private static void append(Series series, long time, double value) {
    if (series.size() == 0 || series.time(series.size() - 1) < time) {
      series.add(time, value);
    }
  }

  /** Rules of a file that holds alerts; a replay of others says nothing. */
  public static boolean hasAlerts(RuleFile file) {
    Collection<Group> groups = file.groups();
    return groups.stream().anyMatch(g -> g.rules().stream().anyMatch(Alerting.class::isInstance));
  }
}
