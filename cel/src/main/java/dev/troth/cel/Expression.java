package dev.troth.cel;

import java.util.List;

/** The syntax tree of a rule. */
public sealed interface Expression {
  /** A boolean, number, text, or null. */
  record Literal(Value value) implements Expression {}

  /** {@code this}, {@code message}, or the variable of a macro. */
  record Variable(String name) implements Expression {}

  /** {@code operand.field}; as the argument of {@code has}, a test that it is there. */
  record Select(Expression operand, String field) implements Expression {}

  record Has(Select select) implements Expression {}

  /** {@code operand[index]}. */
  record Index(Expression operand, Expression index) implements Expression {}

  /** An operator or a function; a method's target is the first argument. */
  record Call(String function, List<Expression> arguments) implements Expression {}

  record And(Expression left, Expression right) implements Expression {}

  record Or(Expression left, Expression right) implements Expression {}

  record Conditional(Expression test, Expression then, Expression otherwise)
      implements Expression {}

  /** {@code [a, b]}. */
  record ListOf(List<Expression> items) implements Expression {}

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
