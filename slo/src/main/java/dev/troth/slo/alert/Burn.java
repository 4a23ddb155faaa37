package dev.troth.slo.alert;

import dev.troth.slo.objective.Condition;

/** One condition as it stands; burn rates are NaN without events. */
public record Burn(Condition condition, double shortBurn, double longBurn, Status status) {
  /** What a condition says. */
  public enum Status {
    QUIET,
    BURNING,
    INSUFFICIENT_TRAFFIC,
    NO_DATA;

    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
  }
}
