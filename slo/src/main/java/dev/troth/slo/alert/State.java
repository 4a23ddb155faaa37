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
  UNMEASURED,
  /** One of its counters was never received: the figure leaves something out. */
  NO_SIGNAL,
  /** Its counters cannot be true together: nothing fires and nothing resolves. */
  DATA_FAULT,
  /** Of too many requests a step was never seen. */
  UNCERTAIN;

  /** The word in documents: {@code insufficient traffic}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Whether the figure is one to rely on; where it is not, a good one is not a kept promise. */
  public boolean isKnown() {
    return switch (this) {
      case OK, TICKET, PAGE, INSUFFICIENT_TRAFFIC -> true;
      case FROZEN, NO_DATA, UNMEASURED, NO_SIGNAL, DATA_FAULT, UNCERTAIN -> false;
    };
  }
}
