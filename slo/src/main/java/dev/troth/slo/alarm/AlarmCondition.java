package dev.troth.slo.alarm;

import dev.troth.slo.evaluate.Value.Series;

/**
 * When data points make an alarm: at least M of the last N breach a threshold (Amazon CloudWatch
 * user guide, "Using Amazon CloudWatch alarms").
 *
 * <pre>{@code
 * AlarmState next = condition.next(points, state); // points: the evaluation range, oldest first
 * }</pre>
 *
 * @param periods how many points are looked at
 * @param needed how many of them have to breach
 */
public record AlarmCondition(
    Comparison comparison, double threshold, int periods, int needed, MissingData missing) {
  public AlarmCondition {
    if (periods < 1 || needed < 1 || needed > periods) {
      throw new IllegalArgumentException(
          "an alarm looks at %d of %d data points, expected at least 1 of at least as many"
              .formatted(needed, periods));
    }
  }

  /**
   * How many points are read. The service reads more than it evaluates, to have real ones in place
   * of missing ones; its guide shows 5 for 3, and so it is two more here.
   */
  public int range() {
    return periods + 2;
  }

  /**
   * The state after these points; the newest stands last.
   *
   * @param current how the alarm stands so far
   */
  public AlarmState next(Series points, AlarmState current) {
    int real = 0;
    int breaching = 0;
    int oldest = 0;
    for (int back = 1; back <= points.size() && real < periods; back++) {
      int at = points.size() - back;
      if (points.has(at)) {
        real++;
        if (comparison.breaches(points.at(at), threshold)) {
          breaching++;
          oldest = back;
        }
      }
    }
    if (real == periods || breaching >= needed) {
      return breaching >= needed ? AlarmState.ALARM : AlarmState.OK;
    }
    return switch (missing) {
      case BREACHING -> breaching + periods - real >= needed ? AlarmState.ALARM : AlarmState.OK;
      case NOT_BREACHING -> AlarmState.OK;
      case IGNORE -> real > breaching ? AlarmState.OK : current;
      case MISSING -> {
        if (real > breaching) {
          yield AlarmState.OK;
        }
        // A breach that is as old as the alarm is patient, with nothing better since.
        yield oldest >= needed ? AlarmState.ALARM : AlarmState.INSUFFICIENT_DATA;
      }
    };
  }
}
