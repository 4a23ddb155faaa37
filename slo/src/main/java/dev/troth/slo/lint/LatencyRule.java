package dev.troth.slo.lint;

import dev.troth.slo.cloudformation.Formulas;
import dev.troth.slo.cloudformation.KnownMetric.Role;
import dev.troth.slo.cloudformation.MetricStat;
import dev.troth.slo.cloudformation.Query;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Latencies that are added, averaged, or watched where no caller waits. */
final class LatencyRule implements Rule {
  private static final String CURE =
      "watch the gateway's Latency alone and count requests within the threshold: good = TC(:800),"
          + " total = SampleCount";

  @Override
  public void check(Subject subject, List<Finding> findings) {
    sums(subject, findings);
    if (!subject.watched().decides()) {
      return;
    }
    Set<MetricStat> all = new LinkedHashSet<>();
    subject.watched().returned().forEach(q -> all.addAll(subject.formulas().metrics(q)));
    if (all.size() == 1 && all.iterator().next().is(Role.INNER_LATENCY)) {
      oneStep(all.iterator().next(), findings);
      return;
    }
    for (MetricStat stat : all) {
      if (isLatency(stat) && stat.stat().equals("Average")) {
        findings.add(
            Finding.error(
                "latency/average",
                stat.place(),
                "the average of %s hides the slow requests".formatted(stat.name()),
                CURE));
      }
    }
  }

  private static boolean isLatency(MetricStat stat) {
    return stat.is(Role.LATENCY) || stat.is(Role.INNER_LATENCY);
  }

  private static void sums(Subject subject, List<Finding> findings) {
    Set<Query> told = new LinkedHashSet<>();
    for (Query query : subject.watched().returned()) {
      for (Formulas.Sum sum : subject.formulas().sums(query)) {
        Set<MetricStat> latencies = new LinkedHashSet<>();
        sum.addends()
            .forEach(addend ->
                subject.formulas().metrics(addend).stream()
                    .filter(stat -> isLatency(stat) || stat.isPercentile())
                    .forEach(latencies::add));
        if (latencies.size() < 2 || !told.add(sum.query())) {
          continue;
        }
        List<String> percentiles =
            latencies.stream().filter(MetricStat::isPercentile).map(MetricStat::stat).toList();
        if (percentiles.size() > 1) {
          findings.add(
              Finding.error(
                  "latency/percentile-sum",
                  sum.query().place(),
                  "%d percentiles (%s) are added: a sum of percentiles is no percentile, it may be twice"
                          .formatted(percentiles.size(), String.join(", ", percentiles))
                      + " the true one or far below it",
                  CURE));
        }
        boolean outer = latencies.stream().anyMatch(stat -> stat.is(Role.LATENCY));
        List<String> inner =
            latencies.stream()
                .filter(stat -> stat.is(Role.INNER_LATENCY))
                .map(MetricStat::name)
                .toList();
        if (outer && !inner.isEmpty()) {
          findings.add(
              Finding.error(
                  "latency/counted-twice",
                  sum.query().place(),
                  "the gateway's latency already contains %s"
                      .formatted(String.join(" and ", inner)),
                  CURE));
        }
      }
    }
  }

  private static void oneStep(MetricStat stat, List<Finding> findings) {
    findings.add(
        Finding.warning(
            "latency/one-step",
            stat.place(),
            "%s is the time of one step, which no caller waits for by itself"
                .formatted(stat.name()),
            CURE));
  }
}
