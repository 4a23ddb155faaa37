package dev.troth.orders.handler;

import dev.troth.orders.http.Reply;
import java.io.IOException;

/**
 * Tries a call once more after a short pause, when the first try failed on the other side. Only for
 * calls that may safely be made twice.
 */
final class Retry {
  private static final int PAUSE_MILLIS = 50;

  private Retry() {}

  @FunctionalInterface
  interface Attempt {
    /** Makes the call; {@code resends} is 0 the first time, 1 the second. */
    Reply make(int resends) throws IOException;
  }

  static Reply once(Attempt attempt) throws IOException, InterruptedException {
    try {
      Reply reply = attempt.make(0);
      if (reply.status() < 500) {
        return reply;
      }
    } catch (IOException e) {
      // the second try says whether it lasts
    }
    Thread.sleep(PAUSE_MILLIS);
    return attempt.make(1);
  }
}
