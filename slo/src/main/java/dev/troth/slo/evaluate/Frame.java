package dev.troth.slo.evaluate;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The data that expressions are evaluated with.
 *
 * @param metrics the ids of the metrics in the order of the request; {@code METRICS()} means these
 * @param values what each id stands for, of metrics and of other expressions
 */
public record Frame(Grid grid, List<String> metrics, Function<String, Value> values) {
  public Frame {
    metrics = List.copyOf(metrics);
  }

  /** Metrics by their ids, in the order of the request. */
  public static Frame of(Grid grid, Map<String, Value> metrics) {
    return of(grid, metrics, Map.of());
  }

  /** Metrics, and what other expressions came to. */
  public static Frame of(Grid grid, Map<String, Value> metrics, Map<String, Value> expressions) {
    return new Frame(
        grid,
        List.copyOf(metrics.keySet()),
        id -> {
          Value metric = metrics.get(id);
          return metric != null
              ? metric
              : expressions.getOrDefault(id, new Value.Unknown("nothing has the id '" + id + "'"));
        });
  }

  Value get(String id) {
    Value value = values.apply(id);
    if (value instanceof Value.Series series && series.size() != grid.points()) {
      throw new IllegalArgumentException(
          "'%s' has %d points, expected %d".formatted(id, series.size(), grid.points()));
    }
    return value;
  }
}
