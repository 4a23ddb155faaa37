package dev.troth.slo.export;

import dev.troth.json.Json;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How one objective is counted in CloudWatch: by the ids {@code total} and {@code bad}.
 *
 * @param metrics what is read
 * @param expressions what is worked out of it, by id
 * @param remark what the figure contains that the objective does not mean; empty if nothing
 */
record Indicator(List<Metric> metrics, Map<String, String> expressions, String remark) {
  Indicator {
    metrics = List.copyOf(metrics);
    expressions = Collections.unmodifiableMap(new LinkedHashMap<>(expressions));
  }

  static Indicator of(Objective objective, ChainMetrics metrics) {
    return objective.measure() instanceof Measure.Latency latency
        ? latency(latency, metrics)
        : availability(metrics);
  }

  private static Indicator availability(ChainMetrics chain) {
    List<Metric> metrics = new ArrayList<>();
    Map<String, String> expressions = new LinkedHashMap<>();
    if (chain.ignoresClientErrors()) {
      metrics.add(chain.requests("requests"));
      metrics.add(chain.clientErrors());
      expressions.put("total", "requests - clientErrors");
    } else {
      metrics.add(chain.requests("total"));
    }
    metrics.add(chain.serverErrors());
    metrics.add(chain.swallowed());
    expressions.put("bad", "serverErrors + swallowed");
    return new Indicator(metrics, expressions, "");
  }

  private static Indicator latency(Measure.Latency latency, ChainMetrics chain) {
    List<String> excluded =
        latency.chain().steps().stream()
            .filter(step -> step.traits().outsideLatency())
            .map(step -> "'" + step.name() + "'")
            .toList();
    return new Indicator(
        List.of(
            chain.latency("total", "SampleCount"),
            chain.latency("within", "TC(:%d)".formatted(latency.threshold().toMillis()))),
        Map.of("bad", "total - within"),
        "Includes failed requests"
            + (excluded.isEmpty() ? "" : " and the time of " + String.join(", ", excluded))
            + ", which the gateway's Latency cannot tell apart.");
  }

  /** The share of requests that may be bad, exactly. */
  static BigDecimal budget(Objective objective) {
    return BigDecimal.ONE
        .subtract(BigDecimal.valueOf(objective.goal().target()))
        .stripTrailingZeros();
  }

  /** All that an expression over {@code total} and {@code bad} needs, none of it returned. */
  List<Json> inputs(int period) {
    List<Json> queries = new ArrayList<>();
    metrics.forEach(metric -> queries.add(metric.query(period, false)));
    expressions.forEach((id, text) -> queries.add(Metric.expression(id, text, false)));
    return queries;
  }

  /** The same as rows of a chart, none of them drawn. */
  List<Json> hiddenRows() {
    List<Json> rows = new ArrayList<>();
    metrics.forEach(metric -> rows.add(metric.row("", false)));
    expressions.forEach((id, text) ->
        rows.add(Shape.list(Shape.object("id", id, "expression", text, "visible", false))));
    return rows;
  }

  /** What one id comes from and comes to: a list in which it alone returns data. */
  Json counted(String id, int period) {
    List<Json> queries = new ArrayList<>();
    String expression = expressions.get(id);
    for (Metric metric : metrics) {
      boolean itself = metric.id().equals(id);
      if (itself || (expression != null && mentions(expression, metric.id()))) {
        queries.add(metric.query(period, itself));
      }
    }
    if (expression != null) {
      queries.add(Metric.expression(id, expression, true));
    }
    return new Json.Arr(queries);
  }

  private static boolean mentions(String expression, String id) {
    return List.of(expression.split("[^A-Za-z0-9]+")).contains(id);
  }
}
