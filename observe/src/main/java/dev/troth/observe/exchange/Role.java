package dev.troth.observe.http;

import dev.troth.observe.stream.Direction;

/** Which part a watched process has in a conversation. */
public enum Role {
  /** It received the requests. */
  SERVER,
  /** It sent them. */
  CLIENT;

  Direction requests() {
    return this == SERVER ? Direction.RECEIVED : Direction.SENT;
  }

  static Role ofRequest(Direction direction) {
    return direction == Direction.RECEIVED ? SERVER : CLIENT;
  }
}
