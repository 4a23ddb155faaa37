package dev.troth.contracts;

import dev.troth.json.file.Location;
import java.util.Objects;

/**
 * One problem: which rule it breaks, where, what is wrong and how to mend it.
 *
 * @param rule a stable id such as {@code backward/type}
 * @param location where, as far as known
 * @param message what is wrong: the thing, the value and what was expected
 * @param cure what a person can do about it
 */
public record Finding(
    String rule, Severity severity, Location location, String message, String cure) {
  /** Whether a finding fails a build. */
  public enum Severity {
    ERROR,
    WARNING
  }

  public Finding {
    Objects.requireNonNull(rule);
    Objects.requireNonNull(severity);
    Objects.requireNonNull(location);
    Objects.requireNonNull(message);
    Objects.requireNonNull(cure);
  }

  /** With a place that {@link Location#of} reads. */
  public Finding(String rule, Severity severity, String place, String message, String cure) {
    this(rule, severity, Location.of(place), message, cure);
  }

  /** A finding that fails a check. */
  public static Finding error(String rule, String place, String message, String cure) {
    return error(rule, Location.of(place), message, cure);
  }

  /** A finding that fails a check. */
  public static Finding error(String rule, Location location, String message, String cure) {
    return new Finding(rule, Severity.ERROR, location, message, cure);
  }

  /** A finding that a check merely shows. */
  public static Finding warning(String rule, String place, String message, String cure) {
    return warning(rule, Location.of(place), message, cure);
  }

  /** A finding that a check merely shows. */
  public static Finding warning(String rule, Location location, String message, String cure) {
    return new Finding(rule, Severity.WARNING, location, message, cure);
  }

  /** The same elsewhere. */
  public Finding at(Location other) {
    return new Finding(rule, severity, other, message, cure);
  }

  /** The location as text. */
  public String place() {
    return location.toString();
  }

  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** On one line, without the cure. */
  @Override
  public String toString() {
    return location + ": " + message + " [" + rule + "]";
  }
}
