package dev.troth.cel;

import java.util.List;

/** The syntax tree of a program. */
public sealed interface Expression {
  /** A boolean, number, text, or null. */
  record Literal(Value value) implements Expression {}

  /** A name of the environment, or the variable of a macro. */
  record Variable(String name) implements Expression {}

  /** {@code operand.field}; as the argument of {@code has}, a test that it is there. */
  record Select(Expression operand, String field) implements Expression {}

  record Has(Select select) implements Expression {}

  /** {@code operand[index]}. */
  record Index(Expression operand, Expression index) implements Expression {}

  /** An operator or a function; a method's target is the first argument. */
  record Call(String function, List<Expression> arguments) implements Expression {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  record And(Expression left, Expression right) implements Expression {}

  record Or(Expression left, Expression right) implements Expression {}

  record Conditional(Expression test, Expression then, Expression otherwise)
      implements Expression {}

  /** {@code [a, b]}. */
  record ListOf(List<Expression> items) implements Expression {
    public ListOf {
      items = List.copyOf(items);
    }
  }

  /** {@code range.all(variable, body)} and its like. */
  record Macro(Kind kind, Expression range, String variable, Expression body)
      implements Expression {}

  /** What a macro makes of its range. */
  enum Kind {
    ALL,
    EXISTS,
    EXISTS_ONE,
    FILTER,
    MAP
  }
}
