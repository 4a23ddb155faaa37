package dev.troth.watch.delivery;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * When a failed delivery is tried again: after growing steps, each drawn from its whole length
 * (full jitter), so that receivers that fail together are not all tried again together.
 *
 * @param steps the longest wait before each further attempt; their number bounds the attempts
 */
public record RetryPolicy(List<Duration> steps) {
  /** The schedule of Standard Webhooks 1.0: ten attempts over about 75 hours. */
  public static final RetryPolicy STANDARD =
      new RetryPolicy(
          List.of(
              Duration.ofSeconds(5),
              Duration.ofMinutes(5),
              Duration.ofMinutes(30),
              Duration.ofHours(2),
              Duration.ofHours(5),
              Duration.ofHours(10),
              Duration.ofHours(14),
              Duration.ofHours(20),
              Duration.ofHours(24)));

  public RetryPolicy {
    steps = List.copyOf(steps);
    if (steps.stream().anyMatch(Duration::isNegative)) {
      throw new IllegalArgumentException(
          "retry steps are %s, expected none below zero".formatted(steps));
    }
  }

  /** Whether a delivery that was attempted so often may be attempted again. */
  boolean allowsAfter(int attempts) {
    return attempts <= steps.size();
  }

  /**
   * The wait before the next attempt.
   *
   * @param attempts how many were made, from 1
   * @param least what the receiver asked for; the wait is never shorter
   */
  Duration waitAfter(int attempts, Duration least, RandomGenerator random) {
    Duration step = steps.get(attempts - 1);
    Duration drawn = Duration.ofMillis((long) (random.nextDouble() * step.toMillis()));
    return drawn.compareTo(least) < 0 ? least : drawn;
  }
}
