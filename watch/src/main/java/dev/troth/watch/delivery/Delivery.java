package dev.troth.watch.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * The record of a notification's attempts.
 *
 * <pre>
 * PENDING ── delivered ──▶ DELIVERED
 *    │ ▲
 *    │ └── failed, steps left: again at {@code due}
 *    ├──── a newer version is owed to the same watch ──▶ SUPERSEDED
 *    ├──── the user does not want it on this channel ──▶ SUPPRESSED
 *    └──── refused, gone, or no steps left ──▶ DEAD ── replay ──▶ PENDING
 * </pre>
 *
 * @param attempts how many were made
 * @param due when the next one is to be made; without meaning once settled
 * @param note the last receipt or the last reason of failure
 */
public record Delivery(State state, int attempts, Instant due, String note) {
  private static final Duration LONGEST_WAIT = Duration.ofDays(2);
  private static final int LONGEST_NOTE = 500;

  /** Where a delivery stands. */
  public enum State {
    PENDING,
    DELIVERED,
    SUPERSEDED,
    SUPPRESSED,
    DEAD;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Delivery {
    if (attempts < 0) {
      throw new IllegalArgumentException(
          "attempts is %d, expected none or more".formatted(attempts));
    }
    note = note.length() > LONGEST_NOTE ? note.substring(0, LONGEST_NOTE) : note;
  }

  /** One that nobody has tried yet. */
  public static Delivery owed(Instant now) {
    return new Delivery(State.PENDING, 0, now, "");
  }

  /** The record after one more attempt. */
  public Delivery after(Outcome outcome, Instant now, RetryPolicy policy, RandomGenerator random) {
    requireState("attempt", State.PENDING);
    int made = attempts + 1;
    return switch (outcome) {
      case Outcome.Delivered(String receipt) -> new Delivery(State.DELIVERED, made, now, receipt);
      case Outcome.Refused(String why) -> new Delivery(State.DEAD, made, now, why);
      case Outcome.Gone(String why) -> new Delivery(State.DEAD, made, now, why);
      case Outcome.Failed(String why, Duration asked) -> {
        if (!policy.allowsAfter(made)) {
          yield new Delivery(State.DEAD, made, now, why);
        }
        Duration least = asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked;
        Instant again = now.plus(policy.waitAfter(made, least, random));
        yield new Delivery(State.PENDING, made, again, why);
      }
    };
  }

  /** The record of an older version once a newer one is owed to the same watch. */
  public Delivery superseded(long byVersion) {
    requireState("superseding", State.PENDING);
    return new Delivery(State.SUPERSEDED, attempts, due, "version " + byVersion + " is newer");
  }

  /** The record of a message that its user does not want on this channel. */
  public Delivery suppressed(String why) {
    requireState("suppressing", State.PENDING);
    return new Delivery(State.SUPPRESSED, attempts, due, why);
  }

  /** The record of one that waits before it is tried. */
  public Delivery until(Instant time) {
    requireState("holding", State.PENDING);
    return new Delivery(State.PENDING, attempts, time, note);
  }

  /** A dead letter as new: all its attempts are ahead of it again. */
  public Delivery replayed(Instant now) {
    requireState("replay", State.DEAD);
    return owed(now);
  }

  private void requireState(String what, State expected) {
    if (state != expected) {
      throw new IllegalStateException(
          "%s of a delivery that is %s, expected %s".formatted(what, state, expected));
    }
  }
}
