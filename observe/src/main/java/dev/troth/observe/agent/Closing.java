package dev.troth.observe.agent;

import dev.troth.observe.capture.Event;

/**
 * A connection that was closed, until no late event of it can come any more.
 *
 * @param wholly whether nothing can come from the other side either
 * @param sent the position behind the last byte that was written
 * @param received the position behind the last byte that was read
 */
record Closing(long cookie, long time, boolean wholly, int sent, int received) {
  /** The state of a TCP connection in which nothing can pass any more. */
  private static final int TCP_CLOSE = 7;

  static Closing of(Event event) {
    return new Closing(
        event.cookie(), event.time(), event.length() == TCP_CLOSE, event.sent(), event.received());
  }

  /** Whether bytes passed behind these positions; the end of a stream counts as one. */
  boolean isBehind(int sentUntil, int receivedUntil) {
    return sent - sentUntil > 1 || received - receivedUntil > 1;
  }
}
