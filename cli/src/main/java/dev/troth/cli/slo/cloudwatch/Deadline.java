package dev.troth.cli.slo.cloudwatch;

import dev.troth.cli.command.CommandException;
import dev.troth.slo.objective.Durations;
import java.time.Duration;

/** When a look at CloudWatch has to be over, all of its calls and their pages together. */
final class Deadline {
  /** The longest that one call may take, with its attempts. */
  private static final Duration CALL = Duration.ofMinutes(5);

  private final Duration within;
  private final long end;
  private int calls;

  /** One that begins now. */
  Deadline(Duration within) {
    this.within = within;
    this.end = System.nanoTime() + within.toNanos();
  }

  /**
   * How long the next call may take.
   *
   * @throws CommandException when no time is left
   */
  Duration ofNextCall(String action) {
    if (isOver()) {
      throw over(action);
    }
    calls++;
    long left = Math.max(1, Duration.ofNanos(end - System.nanoTime()).toMillis());
    return Duration.ofMillis(Math.min(left, CALL.toMillis()));
  }

  boolean isOver() {
    return System.nanoTime() - end >= 0;
  }

  CommandException over(String action) {
    return CommandException.failed(
        "CloudWatch has not told all within %s, in %d calls, the last of %s: give more time by --within, or ask for less"
            .formatted(Durations.format(within), calls, action));
  }
}
