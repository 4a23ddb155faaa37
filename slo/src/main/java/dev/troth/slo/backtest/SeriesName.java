package dev.troth.slo.backtest;

import dev.troth.slo.cloudformation.MetricStat;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statistic of one metric, as a history of metrics names it: {@code AWS/ApiGateway
 * Count{ApiName=Orders} Sum}.
 */
public record SeriesName(
    String namespace, String metric, Map<String, String> dimensions, String stat) {
  private static final Pattern WRITTEN =
      Pattern.compile("(\\S.*?) ([^{}\\s]+)(?:\\{([^{}]*)})? (\\S+)");

  public SeriesName {
    dimensions = Collections.unmodifiableMap(new TreeMap<>(dimensions));
  }

  /** Reads the written form; empty if the text has another. */
  public static Optional<SeriesName> of(String text) {
    Matcher matcher = WRITTEN.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Map<String, String> dimensions = new TreeMap<>();
    String list = matcher.group(3);
    if (list != null && !list.isBlank()) {
      for (String dimension : list.split(";")) {
        int equals = dimension.indexOf('=');
        if (equals < 1) {
          return Optional.empty();
        }
        dimensions.put(
            dimension.substring(0, equals).strip(), dimension.substring(equals + 1).strip());
      }
    }
    return Optional.of(
        new SeriesName(matcher.group(1), matcher.group(2), dimensions, matcher.group(4)));
  }

  static SeriesName of(MetricStat stat) {
    return new SeriesName(stat.namespace(), stat.metric(), stat.dimensions(), stat.stat());
  }

  /** The same metric by another statistic. */
  public SeriesName as(String other) {
    return new SeriesName(namespace, metric, dimensions, other);
  }

  /** Whether this name of a template, which may leave values open, can mean that series. */
  boolean fits(SeriesName other) {
    return namespace.equals(other.namespace)
        && metric.equals(other.metric)
        && stat.equals(other.stat)
        && dimensions.keySet().equals(other.dimensions.keySet())
        && dimensions.entrySet().stream()
            .allMatch(dimension ->
                dimension.getValue().startsWith("${")
                    || dimension.getValue().equals(other.dimensions.get(dimension.getKey())));
  }

  @Override
  public String toString() {
    StringBuilder list = new StringBuilder();
    dimensions.forEach((name, value) ->
        list.append(list.isEmpty() ? "" : ";").append(name).append('=').append(value));
    return namespace + " " + metric + (list.isEmpty() ? "" : "{" + list + "}") + " " + stat;
  }
}
