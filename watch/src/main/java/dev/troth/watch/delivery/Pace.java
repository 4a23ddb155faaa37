package dev.troth.watch.delivery;

import java.time.Duration;

/**
 * How fast a channel may be used.
 *
 * @param atOnce how many attempts may be under way to all its receivers together, so that a server
 *     that all of them share takes no other channel's turn
 * @param apart the least time from one attempt at an address to the next
 */
public record Pace(int atOnce, Duration apart) {
  /** As fast as receivers take it. */
  public static final Pace FREE = new Pace(Integer.MAX_VALUE, Duration.ZERO);

  public Pace {
    if (atOnce < 1 || apart.isNegative()) {
      throw new IllegalArgumentException(
          "pace is %d at once, %s apart, expected at least 1 and no time below zero"
              .formatted(atOnce, apart));
    }
  }

  /**
   * How many of these may be one user's, however many addresses they have, so that whatever one
   * user's addresses do leaves others their turn.
   */
  public int ofOneUser() {
    return Math.max(1, atOnce / 4);
  }
}
