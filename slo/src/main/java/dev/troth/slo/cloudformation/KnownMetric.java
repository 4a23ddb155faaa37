package dev.troth.slo.cloudformation;

import java.util.List;
import java.util.Optional;

/**
 * What is documented of a metric.
 *
 * @param needs dimensions that stand together
 * @param none it has no dimension at all
 * @param reason why it is wrong here; empty if it is right
 * @param cure what to use instead
 */
public record KnownMetric(
    String namespace,
    String metric,
    Role role,
    List<String> needs,
    boolean none,
    String reason,
    String cure) {
  /** What it counts. */
  public enum Role {
    TOTAL,
    /** Failures as one service sees them. */
    FAULT,
    THROTTLE,
    /** The time until the caller had its answer. */
    LATENCY,
    /** Time that the caller's latency contains. */
    INNER_LATENCY,
    /** Answers with a status of 2xx. */
    SUCCESS,
    /** There is no such metric. */
    ABSENT,
    /** It counts something else than the failures of a step. */
    WRONG
  }

  public KnownMetric {
    needs = List.copyOf(needs);
  }

  /**
   * The metric that exporters for Prometheus call by a name such as {@code aws_lambda_errors_sum}.
   */
  public static Optional<KnownMetric> exportedAs(String name) {
    return MetricTable.KNOWN.exported(name);
  }

  /** Whether it speaks of failures, rightly or not. */
  public boolean isFailure() {
    return role == Role.FAULT || role == Role.ABSENT || role == Role.WRONG;
  }
}
