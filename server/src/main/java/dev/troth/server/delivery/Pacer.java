package dev.troth.server.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * When an address may be written to again: a moment after the last time where its channel wants
 * that, and not before the time that the address itself named. It forgets what is past, and is kept
 * by the one process that delivers: after a restart nobody is owed a pause.
 */
final class Pacer {
  /** So many addresses are looked through for those that are past. */
  private static final int TIDY_ABOVE = 1_000;

  private static final Duration LONGEST = Duration.ofHours(1);

  private final Clock clock;
  private final Map<String, Instant> notBefore = new HashMap<>();

  Pacer(Clock clock) {
    this.clock = clock;
  }

  /** How many of so many may go now; what may go is taken to be on its way. */
  synchronized int room(String address, Duration apart, int wanted) {
    Instant now = clock.instant();
    Instant from = notBefore.get(address);
    if (wanted <= 0 || (from != null && from.isAfter(now))) {
      return 0;
    }
    if (apart.isZero()) {
      return wanted;
    }
    put(address, now.plus(apart));
    return 1;
  }

  /** Writes nothing there for a time. */
  synchronized void pause(String address, Duration asked) {
    if (asked.isPositive()) {
      put(address, clock.instant().plus(asked.compareTo(LONGEST) > 0 ? LONGEST : asked));
    }
  }

  private void put(String address, Instant from) {
    if (notBefore.size() >= TIDY_ABOVE) {
      Instant now = clock.instant();
      notBefore.values().removeIf(until -> !until.isAfter(now));
    }
    notBefore.put(address, from);
  }
}
