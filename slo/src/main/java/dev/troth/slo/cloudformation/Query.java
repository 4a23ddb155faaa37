package dev.troth.slo.cloudformation;

import dev.troth.json.file.Location;
import java.util.Optional;

/**
 * One member of a list of metrics: a statistic, or an expression over others.
 *
 * @param expression its text; none for a statistic, or if only the deployment knows it
 * @param returnData what the file says; none if it says nothing
 */
public record Query(
    Location place,
    Optional<String> id,
    Optional<MetricStat> stat,
    Optional<String> expression,
    Optional<Boolean> returnData,
    String label) {
  /** How messages call it. */
  public String name() {
    return id.map(text -> "'" + text + "'").orElse("the metric");
  }
}
