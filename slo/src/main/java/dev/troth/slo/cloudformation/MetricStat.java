package dev.troth.slo.cloudformation;

import dev.troth.json.file.Location;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A statistic of one metric.
 *
 * @param dimensions empty also if only the deployment knows them
 * @param period in seconds
 */
public record MetricStat(
    Location place,
    String namespace,
    String metric,
    Map<String, String> dimensions,
    Optional<Integer> period,
    String stat) {
  private static final Pattern PERCENTILE = Pattern.compile("[pP]\\d{1,3}(\\.\\d+)?");

  public MetricStat {
    dimensions = Collections.unmodifiableMap(new LinkedHashMap<>(dimensions));
  }

  /** {@code AWS/Lambda Errors}. */
  public String name() {
    return namespace + " " + metric;
  }

  public boolean isPercentile() {
    return PERCENTILE.matcher(stat).matches();
  }

  public Optional<KnownMetric> known() {
    return MetricTable.KNOWN.find(namespace, metric);
  }

  public boolean is(KnownMetric.Role role) {
    return known().filter(known -> known.role() == role).isPresent();
  }

  /** Whether the team sends it itself. */
  public boolean isCustom() {
    return !namespace.startsWith("AWS/");
  }
}
