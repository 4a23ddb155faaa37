package dev.troth.slo.objective;

import java.util.Map;

/** A counter among the metrics received: its name and the attributes a point must carry. */
public record CounterRef(String metric, Map<String, String> attributes) {
  public CounterRef {
    if (metric.isBlank()) {
      throw new IllegalArgumentException("counter has no metric name");
    }
    attributes = Map.copyOf(attributes);
  }

  /** Whether a point of this metric with these attributes is counted. */
  public boolean matches(String name, Map<String, String> pointAttributes) {
    if (!metric.equals(name)) {
      return false;
    }
    for (var wanted : attributes.entrySet()) {
      if (!wanted.getValue().equals(pointAttributes.get(wanted.getKey()))) {
        return false;
      }
    }
    return true;
  }
}
