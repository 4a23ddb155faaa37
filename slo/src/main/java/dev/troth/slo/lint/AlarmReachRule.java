package dev.troth.slo.lint;

import dev.troth.slo.cloudformation.MetricStat;
import dev.troth.slo.cloudformation.Query;
import dev.troth.slo.cloudformation.Watched;
import dev.troth.slo.cloudformation.Watched.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How far back an alarm or a chart can look, and how much it can read. */
final class AlarmReachRule implements Rule {
  private static final int HOUR = 3_600;
  private static final int DAY = 24 * HOUR;
  private static final int MOST_METRICS = 10;
  private static final Pattern START = Pattern.compile("-P(\\d{1,4})([DWM])");

  @Override
  public void check(Subject subject, List<Finding> findings) {
    if (subject.watched().kind() == Kind.ALARM) {
      alarm(subject.watched(), findings);
    } else if (subject.watched().kind() == Kind.CHART) {
      chart(subject.watched(), findings);
    }
  }

  private static void alarm(Watched watched, List<Finding> findings) {
    Set<Integer> periods = new TreeSet<>();
    long metrics = 0;
    for (Query query : watched.queries()) {
      query.stat().flatMap(MetricStat::period).ifPresent(periods::add);
      metrics += query.stat().isPresent() ? 1 : 0;
    }
    if (metrics > MOST_METRICS) {
      findings.add(
          Finding.error(
              "alarm/metrics",
              watched.place(),
              "%s reads %d metrics, expected at most %d"
                  .formatted(watched.name(), metrics, MOST_METRICS),
              "count the failures of several steps as one metric of your own"));
    }
    if (periods.size() > 1) {
      findings.add(
          Finding.error(
              "alarm/period",
              watched.place(),
              "%s reads metrics of the periods %s, expected one period for all"
                  .formatted(watched.name(), periods),
              ""));
    }
    for (int period : periods) {
      if (period != 10 && period != 20 && period != 30 && (period == 0 || period % 60 != 0)) {
        findings.add(
            Finding.error(
                "alarm/period",
                watched.place(),
                "the period is %d seconds, expected 10, 20, 30 or a multiple of 60"
                    .formatted(period),
                ""));
      }
      long reach = (long) period * watched.evaluationPeriods().orElse(1);
      long most = period < HOUR ? DAY : 7L * DAY;
      if (reach > most) {
        findings.add(
            Finding.error(
                "alarm/window",
                watched.place(),
                "%s looks back %s, but an alarm with a period %s one hour reaches %s"
                    .formatted(
                        watched.name(),
                        days(reach),
                        period < HOUR ? "below" : "of at least",
                        days(most)),
                "use an ApplicationSignals ServiceLevelObjective for windows of days, and alarms on"
                    + " its burn rate"));
      }
    }
  }

  private static String days(long seconds) {
    return seconds % DAY == 0 ? seconds / DAY + " d" : seconds / HOUR + " h";
  }

  /** 1-minute data live 15 days, 5-minute data 63 days. */
  private static void chart(Watched watched, List<Finding> findings) {
    Optional<Integer> days = watched.start().flatMap(AlarmReachRule::reach);
    for (Query query : watched.queries()) {
      Optional<Integer> period = query.stat().flatMap(MetricStat::period);
      if (days.isPresent() && period.isPresent()) {
        int kept = period.get() < 300 ? 15 : period.get() < HOUR ? 63 : 455;
        if (days.get() > kept) {
          findings.add(
              Finding.error(
                  "chart/retention",
                  query.place(),
                  "the chart reaches back %d days at a period of %d s, but such data are kept %d days"
                      .formatted(days.get(), period.get(), kept),
                  "raise the period, or set setPeriodToTimeRange for a single value"));
          return;
        }
      }
    }
  }

  private static Optional<Integer> reach(String start) {
    Matcher matcher = START.matcher(start);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int days =
        switch (matcher.group(2)) {
          case "D" -> 1;
          case "W" -> 7;
          default -> 30;
        };
    return Optional.of(days * Integer.parseInt(matcher.group(1)));
  }
}
