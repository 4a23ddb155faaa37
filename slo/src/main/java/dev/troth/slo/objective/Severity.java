package dev.troth.slo.objective;

import java.util.Locale;

/** How much an alert asks of people. */
public enum Severity {
  /** Wakes somebody now. */
  PAGE,
  /** Waits for working hours. */
  TICKET;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
