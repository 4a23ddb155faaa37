package dev.troth.slo.math;

import java.util.Locale;

/**
 * Something wrong in an expression.
 *
 * @param column where in the text, from 1
 * @param message what was found and what was expected
 * @param cure how to mend it; empty if the message says it
 */
public record MathProblem(Kind kind, int column, String message, String cure) {
  /** What kind of mistake it is. */
  public enum Kind {
    SYNTAX,
    FUNCTION,
    ARITY,
    TYPE,
    ID,
    RESULT,
    /** Right on a chart and wrong in an alarm. */
    ALARM;

    /** The word in rule ids. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
