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
  record Selector(String name, List<Matcher> labels, String range, Shift shift) implements Query {
    public Selector {
      labels = List.copyOf(labels);
    }
  }

  /** A label with {@code =}, {@code !=}, {@code =~} or {@code !~} and a value. */
  record Matcher(String label, String operator, String value) {}

  /**
   * Another time than that of the evaluation.
   *
   * @param offset such as {@code 5m} or {@code -5m}; empty if there is none
   * @param at what follows {@code @}; empty if there is none
   */
  record Shift(String offset, String at) {
    public static final Shift NONE = new Shift("", "");
  }

  /** A function, or an aggregation over groups of labels. */
  record Call(String function, List<Query> arguments, Labels groups) implements Query {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** Labels that a word introduces, which is empty if nobody wrote it. */
  record Labels(String word, List<String> names) {
    public static final Labels NONE = new Labels("", List.of());

    public Labels {
      names = List.copyOf(names);
    }
  }

  /** Two operands; of {@code or} the second fills where the first has nothing. */
  record Operation(String operator, Query left, Query right, Matching matching) implements Query {}

  /**
   * How the series of two operands find each other.
   *
   * @param bool whether a comparison gives 0 and 1 instead of leaving out
   * @param labels of {@code on} or {@code ignoring}
   * @param group of {@code group_left} or {@code group_right}
   */
  record Matching(boolean bool, Labels labels, Labels group) {
    public static final Matching NONE = new Matching(false, Labels.NONE, Labels.NONE);
  }

  /** A minus before an operand. */
  record Sign(Query operand) implements Query {}

  /**
   * An expression evaluated over a range, in steps.
   *
   * @param step empty for the interval of the evaluation
   */
  record Subquery(Query query, String range, String step, Shift shift) implements Query {}

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
