package dev.troth.observe.otlp;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next try: twice as long each time, to a limit, with full jitter. */
public final class Backoff {
  private static final long FIRST_MILLIS = 250;
  private static final long LONGEST_MILLIS = 15_000;

  private final RandomGenerator random;
  private final long longest;
  private int failures;

  public Backoff(RandomGenerator random) {
    this(random, LONGEST_MILLIS);
  }

  /**
   * @param longest milliseconds
   */
  Backoff(RandomGenerator random, long longest) {
    this.random = random;
    this.longest = longest;
  }

  /** The next wait, no shorter than what the receiver asked for. */
  public Duration next(Duration asked) {
    long limit = Math.min(longest, FIRST_MILLIS << Math.min(failures, 10));
    failures++;
    long wait = limit / 2 + random.nextLong(limit / 2 + 1);
    return Duration.ofMillis(Math.max(wait, asked.toMillis()));
  }

  int failures() {
    return failures;
  }

  /** Begins anew, after a success. */
  public void reset() {
    failures = 0;
  }
}
