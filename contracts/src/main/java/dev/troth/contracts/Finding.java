package dev.troth.contracts;

import java.util.Objects;

/**
 * One problem: which rule it breaks, where, what is wrong and how to mend it.
 *
 * @param rule a stable id such as {@code backward/type}
 * @param place where: {@code file:line:column} as far as known, or a JSON Pointer
 * @param message what is wrong: the thing, the value and what was expected
 * @param cure what a person can do about it
 */
public record Finding(String rule, Severity severity, String place, String message, String cure) {
  /** Whether a finding fails a build. */
  public enum Severity {
    ERROR,
    WARNING
  }

  public Finding {
    Objects.requireNonNull(rule);
    Objects.requireNonNull(severity);
    Objects.requireNonNull(place);
    Objects.requireNonNull(message);
    Objects.requireNonNull(cure);
  }

  /** A finding that fails a check. */
  public static Finding error(String rule, String place, String message, String cure) {
    return new Finding(rule, Severity.ERROR, place, message, cure);
  }

  /** A finding that a check merely shows. */
  public static Finding warning(String rule, String place, String message, String cure) {
    return new Finding(rule, Severity.WARNING, place, message, cure);
  }

  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** On one line, without the cure. */
  @Override
  public String toString() {
    return place + ": " + message + " [" + rule + "]";
  }
}
