package dev.troth.slo.lint;

import dev.troth.json.file.Location;

/**
 * One mistake in a file: which rule it breaks, where, why it is one, and how to mend it.
 *
 * @param rule a stable id such as {@code composite/fill}
 * @param error whether it fails a check
 * @param message what was found and what was expected
 * @param cure what a person can do about it; empty if the message says it
 */
public record Finding(String rule, boolean error, Location place, String message, String cure) {
  static Finding error(String rule, Location place, String message, String cure) {
    return new Finding(rule, true, place, message, cure);
  }

  static Finding warning(String rule, Location place, String message, String cure) {
    return new Finding(rule, false, place, message, cure);
  }
}
