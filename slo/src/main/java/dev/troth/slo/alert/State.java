package dev.troth.slo.alert;

import java.util.Locale;

/** How an objective stands. */
public enum State {
  OK,
  TICKET,
  PAGE,
  /** The burn rate is high, but there is too little traffic to tell. */
  INSUFFICIENT_TRAFFIC,
  /** Telemetry is lost: nothing fires and nothing resolves until it is back. */
  FROZEN,
  /** Nothing was counted yet. */
  NO_DATA,
  /** It has nothing to count from. */
  UNMEASURED;

  /** The word in documents: {@code insufficient traffic}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
