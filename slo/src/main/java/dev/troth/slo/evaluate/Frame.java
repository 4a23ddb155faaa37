package dev.troth.slo.evaluate;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The data that expressions are evaluated with.
 *
 * @param metrics the series of each metric by its id, in the order of the request; {@code
 *     METRICS()} means these
 * @param expressions what other expressions came to, by their ids
 */
public record Frame(Grid grid, Map<String, Value> metrics, Map<String, Value> expressions) {
  public Frame {
    metrics = new LinkedHashMap<>(metrics);
    expressions = Map.copyOf(expressions);
    metrics.forEach((id, value) -> {
      if (value instanceof Value.Series series && series.size() != grid.points()) {
        throw new IllegalArgumentException(
            "metric '%s' has %d points, expected %d".formatted(id, series.size(), grid.points()));
      }
    });
  }

  /** Metrics alone. */
  public static Frame of(Grid grid, Map<String, Value> metrics) {
    return new Frame(grid, metrics, Map.of());
  }

  Value get(String id) {
    Value metric = metrics.get(id);
    return metric != null
        ? metric
        : expressions.getOrDefault(id, new Value.Unknown("nothing has the id '" + id + "'"));
  }
}
