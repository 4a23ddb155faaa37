package dev.troth.slo.cloudformation;

import dev.troth.json.file.Location;
import java.util.List;
import java.util.Optional;

/**
 * Metrics that are read together: those of an alarm, of an objective, or of one chart.
 *
 * @param evaluationPeriods of an alarm, how many periods it looks at
 * @param band of an alarm on an anomaly, the id of the band that its metric is to stay within
 * @param start of a chart, how far it reaches back, as the file says it: {@code -P30D}
 */
public record Watched(
    Kind kind,
    String name,
    Location place,
    List<Query> queries,
    Optional<Integer> evaluationPeriods,
    Optional<String> band,
    Optional<String> start) {
  /** What reads them. */
  public enum Kind {
    ALARM,
    /** A block of metrics without a type. */
    UNTYPED,
    OBJECTIVE,
    CHART
  }

  public Watched {
    queries = List.copyOf(queries);
  }

  /** Whether somebody relies on its figure; a chart is only looked at. */
  public boolean decides() {
    return kind != Kind.CHART;
  }

  /** The queries whose values are used: those that return data, or the last expression. */
  public List<Query> returned() {
    List<Query> said = queries.stream().filter(query -> query.returnData().orElse(false)).toList();
    if (!said.isEmpty()) {
      return said;
    }
    List<Query> silent = queries.stream().filter(q -> q.returnData().isEmpty()).toList();
    return kind == Kind.CHART || silent.isEmpty() ? silent : List.of(silent.getLast());
  }
}
