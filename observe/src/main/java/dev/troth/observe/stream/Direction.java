package dev.troth.observe.stream;

/** Which way bytes passed, as the watched process sees it. */
public enum Direction {
  RECEIVED,
  SENT;

  public Direction opposite() {
    return this == RECEIVED ? SENT : RECEIVED;
  }
}
