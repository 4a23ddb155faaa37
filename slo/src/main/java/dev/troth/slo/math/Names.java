package dev.troth.slo.math;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The ids that an expression may use.
 *
 * @param types what each comes to
 * @param metrics those that are metrics, not expressions
 */
public record Names(Map<String, Type> types, Set<String> metrics) {
  public Names {
    types = Map.copyOf(types);
    metrics = Set.copyOf(metrics);
  }

  /** Metrics alone, each a time series. */
  public static Names ofMetrics(String... ids) {
    Map<String, Type> types = new LinkedHashMap<>();
    for (String id : ids) {
      types.put(id, Type.SERIES);
    }
    return new Names(types, types.keySet());
  }
}
