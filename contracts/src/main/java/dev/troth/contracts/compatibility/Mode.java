package dev.troth.contracts.compatibility;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Which versions must be able to read each other's documents. */
public enum Mode {
  /** The new version reads what the latest version writes: readers move first. */
  BACKWARD(true, false, false),
  /** The latest version reads what the new version writes: writers move first. */
  FORWARD(false, true, false),
  /** Both. */
  FULL(true, true, false),
  /** The new version reads what every earlier version writes. */
  BACKWARD_TRANSITIVE(true, false, true),
  /** Every earlier version reads what the new version writes. */
  FORWARD_TRANSITIVE(false, true, true),
  /** Both, with every earlier version. */
  FULL_TRANSITIVE(true, true, true),
  /** Nothing is asked. */
  NONE(false, false, false);

  private final boolean backward;
  private final boolean forward;
  private final boolean transitive;

  Mode(boolean backward, boolean forward, boolean transitive) {
    this.backward = backward;
    this.forward = forward;
    this.transitive = transitive;
  }

  /** The mode of that name, in any case, with {@code -} or {@code _}. */
  public static Mode named(String name) {
    String wanted = name.toUpperCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(values())
        .filter(mode -> mode.name().equals(wanted))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "mode is '%s', expected one of %s".formatted(name, List.of(values()))));
  }

  /** Which way documents travel between the new version and an earlier one. */
  public List<Direction> directions() {
    return Arrays.stream(Direction.values())
        .filter(d -> d == Direction.BACKWARD ? backward : forward)
        .toList();
  }

  /** Whether every earlier version counts, or the latest alone. */
  public boolean transitive() {
    return transitive;
  }
}
