package dev.troth.slo.promql;

import java.util.List;
import java.util.function.Predicate;

/** An expression of PromQL. */
public sealed interface Query {
  /** A number, a text or a duration. */
  record Literal(String text) implements Query {}

  /**
   * Series by name and labels, with or without a range.
   *
   * @param name empty if labels alone select
   * @param range such as {@code 5m}; empty for instants
   */
  record Selector(String name, List<Matcher> labels, String range) implements Query {
    public Selector {
      labels = List.copyOf(labels);
    }
  }

  /** A label with {@code =}, {@code !=}, {@code =~} or {@code !~} and a value. */
  record Matcher(String label, String operator, String value) {}

  /** A function or an aggregation. */
  record Call(String function, List<Query> arguments) implements Query {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** Two operands; of {@code or} the second fills where the first has nothing. */
  record Operation(String operator, Query left, Query right) implements Query {}

  /** A sign before an operand. */
  record Sign(Query operand) implements Query {}

  /** An expression evaluated over a range, in steps. */
  record Subquery(Query query, String range) implements Query {}

  /** The parts directly below. */
  default List<Query> parts() {
    return switch (this) {
      case Literal _, Selector _ -> List.of();
      case Call call -> call.arguments();
      case Operation operation -> List.of(operation.left(), operation.right());
      case Sign sign -> List.of(sign.operand());
      case Subquery subquery -> List.of(subquery.query());
    };
  }

  /** Whether this or any part below fits. */
  default boolean any(Predicate<Query> wanted) {
    return wanted.test(this) || parts().stream().anyMatch(part -> part.any(wanted));
  }

  default boolean isOperation(String operator) {
    return this instanceof Operation operation && operation.operator().equals(operator);
  }

  default boolean calls(String function) {
    return this instanceof Call call && call.function().equals(function);
  }
}
