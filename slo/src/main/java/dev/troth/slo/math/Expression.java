package dev.troth.slo.math;

import java.util.List;
import java.util.stream.Collectors;

/** A metric math expression; each part knows its column, from 1. */
public sealed interface Expression {
  /** Where it begins in the text; of an operation, where its operator stands. */
  int column();

  /** A number as it is written. */
  record Number(String digits, int column) implements Expression {}

  /** A text in quotes. */
  record Text(String value, int column) implements Expression {}

  /** The id of a metric or of another expression. */
  record Id(String name, int column) implements Expression {}

  /** A word in capitals that some functions take: {@code REPEAT}, {@code DESC}. */
  record Word(String name, int column) implements Expression {}

  /** Several time series as one value: {@code [m1, m2]}. */
  record Array(List<Expression> items, int column) implements Expression {
    public Array {
      items = List.copyOf(items);
    }
  }

  /** A function with its arguments. */
  record Call(String function, List<Expression> arguments, int column) implements Expression {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** A minus before an operand. */
  record Minus(Expression operand, int column) implements Expression {}

  /** Two operands and what is between them. */
  record Operation(Operator operator, Expression left, Expression right, int column)
      implements Expression {}

  /** The parts directly below. */
  default List<Expression> parts() {
    return switch (this) {
      case Number _, Text _, Id _, Word _ -> List.of();
      case Array array -> array.items();
      case Call call -> call.arguments();
      case Minus minus -> List.of(minus.operand());
      case Operation operation -> List.of(operation.left(), operation.right());
    };
  }

  /** As text that reads back as the same, with no more parentheses than that needs. */
  default String text() {
    return switch (this) {
      case Number number -> number.digits();
      case Text text -> {
        char quote = text.value().indexOf('"') < 0 ? '"' : '\'';
        yield quote + text.value() + quote;
      }
      case Id id -> id.name();
      case Word word -> word.name();
      case Array array -> "[" + texts(array.items()) + "]";
      case Call call -> call.function() + "(" + texts(call.arguments()) + ")";
      case Minus minus -> "-" + minus.operand().within(Operator.SIGN);
      case Operation operation -> {
        Operator operator = operation.operator();
        int left = operator == Operator.POWER ? operator.rank() + 1 : operator.rank();
        yield operation.left().within(left)
            + " "
            + operator.sign()
            + " "
            + operation.right().within(operator.rightRank());
      }
    };
  }

  private static String texts(List<Expression> list) {
    return list.stream().map(Expression::text).collect(Collectors.joining(", "));
  }

  private String within(int rank) {
    int own =
        switch (this) {
          case Operation operation -> operation.operator().rank();
          case Minus _ -> Operator.SIGN;
          case Number _, Text _, Id _, Word _, Array _, Call _ -> Integer.MAX_VALUE;
        };
    return own < rank ? "(" + text() + ")" : text();
  }
}
