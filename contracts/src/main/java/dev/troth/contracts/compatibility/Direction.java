package dev.troth.contracts.compatibility;

import java.util.Locale;

/** Which way documents travel. */
public enum Direction {
  /** The new version reads what an earlier version writes. */
  BACKWARD,
  /** An earlier version reads what the new version writes. */
  FORWARD;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
