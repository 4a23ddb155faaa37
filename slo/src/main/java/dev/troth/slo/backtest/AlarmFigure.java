package dev.troth.slo.backtest;

import dev.troth.slo.cloudformation.Formulas;
import dev.troth.slo.cloudformation.Query;
import dev.troth.slo.cloudformation.Watched;
import dev.troth.slo.evaluate.Evaluator;
import dev.troth.slo.evaluate.Frame;
import dev.troth.slo.evaluate.Grid;
import dev.troth.slo.evaluate.Value;
import dev.troth.slo.math.Expression;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an alarm or an objective watches, worked out of a history. */
final class AlarmFigure {
  private static final String ONLY = "the only metric";

  private final Map<String, SeriesName> metrics = new LinkedHashMap<>();
  private final Map<String, Expression> expressions = new HashMap<>();
  private final String returned;
  private final int period;
  private final Optional<String> open;

  private AlarmFigure(Watched watched, Formulas formulas) {
    List<Integer> periods = new ArrayList<>();
    for (Query query : watched.queries()) {
      String id = query.id().orElse(ONLY);
      query
          .stat()
          .ifPresent(stat -> {
            metrics.put(id, SeriesName.of(stat));
            stat.period().ifPresent(periods::add);
          });
      formulas.expression(query).ifPresent(expression -> expressions.put(id, expression));
    }
    period = periods.isEmpty() ? 0 : periods.getFirst();
    returned = watched.returned().isEmpty() ? "" : watched.returned().getFirst().id().orElse(ONLY);
    open =
        metrics.containsKey(returned) || expressions.containsKey(returned)
            ? Optional.empty()
            : Optional.of("what it watches is known at deployment only");
  }

  static AlarmFigure of(Watched watched, Formulas formulas) {
    return new AlarmFigure(watched, formulas);
  }

  /** In seconds; 0 if no metric says one. */
  int period() {
    return period;
  }

  /** All that it is worked out of. */
  Collection<SeriesName> metrics() {
    return Collections.unmodifiableCollection(metrics.values());
  }

  /** Whether it is one DynamoDB metric, whose missing data an alarm ignores whatever it says. */
  boolean isDynamoMetric() {
    SeriesName only = metrics.get(returned);
    return only != null && only.namespace().equals("AWS/DynamoDB");
  }

  /**
   * The value at the points of a grid.
   *
   * @param source says what each metric is over a grid
   */
  Value over(Grid grid, Source source) {
    if (open.isPresent()) {
      return new Value.Unknown(open.get());
    }
    Map<String, Value> known = new HashMap<>();
    return value(returned, grid, source, known);
  }

  /** Where metrics come from. */
  @FunctionalInterface
  interface Source {
    Value over(SeriesName name, Grid grid);
  }

  private Value value(String id, Grid grid, Source source, Map<String, Value> known) {
    Value before = known.get(id);
    if (before != null) {
      return before;
    }
    SeriesName metric = metrics.get(id);
    Expression expression = expressions.get(id);
    Value value;
    if (metric != null) {
      value = source.over(metric, grid);
    } else if (expression == null) {
      value = new Value.Unknown("nothing has the id '" + id + "'");
    } else {
      // Expressions that use each other in a circle were refused before.
      value =
          Evaluator.evaluate(
              expression,
              new Frame(
                  grid, List.copyOf(metrics.keySet()), other -> value(other, grid, source, known)));
    }
    known.put(id, value);
    return value;
  }
}
