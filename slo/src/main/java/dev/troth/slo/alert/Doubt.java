package dev.troth.slo.alert;

/**
 * Why the counts of an objective are not to be relied on.
 *
 * @param state {@code NO_SIGNAL}, {@code DATA_FAULT} or {@code UNCERTAIN}
 * @param reason with the counter or the counts
 */
public record Doubt(State state, String reason) {
  public Doubt {
    if (state.isKnown()) {
      throw new IllegalArgumentException("state is " + state + ", expected one of doubt");
    }
  }

  /** Whether the counts are impossible, so that no burn rate follows from them. */
  boolean stopsAlerts() {
    return state == State.DATA_FAULT;
  }
}
