package dev.troth.observe.exchange;

import dev.troth.observe.stream.Direction;

/** Which part a watched process has in a conversation. */
public enum Role {
  /** It received the requests. */
  SERVER,
  /** It sent them. */
  CLIENT;

  /** The direction in which requests pass. */
  public Direction requests() {
    return this == SERVER ? Direction.RECEIVED : Direction.SENT;
  }

  /** The part of a process whose requests pass in this direction. */
  public static Role ofRequest(Direction direction) {
    return direction == Direction.RECEIVED ? SERVER : CLIENT;
  }
}
