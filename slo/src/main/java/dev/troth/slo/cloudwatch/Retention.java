package dev.troth.slo.cloudwatch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How exactly CloudWatch still knows a time (CloudWatch user guide, "Metrics retention"): by the
 * minute for 15 days, by five minutes for 63 days, by the hour for 455 days.
 */
public final class Retention {
  /**
   * The service drops the oldest minutes while it is asked, so nobody asks for the last of them.
   */
  private static final Duration MARGIN = Duration.ofMinutes(10);

  private record Tier(Duration kept, Duration period) {}

  private static final List<Tier> TIERS =
      List.of(
          new Tier(Duration.ofDays(455), Duration.ofHours(1)),
          new Tier(Duration.ofDays(63), Duration.ofMinutes(5)),
          new Tier(Duration.ofDays(15), Duration.ofMinutes(1)));

  private Retention() {}

  /**
   * A stretch of time whose periods have one length.
   *
   * @param from included, a whole multiple of the period
   * @param to not included
   */
  public record Stretch(Instant from, Instant to, Duration period) {
    public Stretch {
      if (!from.isBefore(to)) {
        throw new IllegalArgumentException(
            "stretch from %s to %s, expected an end after its start".formatted(from, to));
      }
      if (period.toSeconds() < 60 || from.getEpochSecond() % period.toSeconds() != 0) {
        throw new IllegalArgumentException(
            "stretch from %s by %s, expected a multiple of it and a minute at least"
                .formatted(from, period));
      }
    }

    /** How many values a series can have in it. */
    public long points() {
      return Math.ceilDiv(Duration.between(from, to).toSeconds(), period.toSeconds());
    }
  }

  /**
   * The stretches to ask for, oldest first, each by the shortest periods that are still kept.
   *
   * @throws IllegalArgumentException if nothing is kept of the beginning any more
   */
  public static List<Stretch> stretches(Instant from, Instant to, Instant now) {
    Instant oldest = begin(TIERS.getFirst(), now);
    if (from.isBefore(oldest)) {
      throw new IllegalArgumentException(
          "%s is too long ago: CloudWatch keeps metrics for 455 days, which is since %s"
              .formatted(from, oldest));
    }
    List<Stretch> stretches = new ArrayList<>();
    for (int i = 0; i < TIERS.size(); i++) {
      Tier tier = TIERS.get(i);
      Instant begin = latest(begin(tier, now), from);
      Instant end = i + 1 < TIERS.size() ? earliest(begin(TIERS.get(i + 1), now), to) : to;
      if (begin.isBefore(end)) {
        stretches.add(new Stretch(floor(begin, tier.period()), end, tier.period()));
      }
    }
    return stretches;
  }

  /** Since when a tier is kept, at an edge of the periods before it. */
  private static Instant begin(Tier tier, Instant now) {
    Duration edge = Duration.ofHours(1);
    return floor(now.minus(tier.kept()).plus(MARGIN), edge).plus(edge);
  }

  private static Instant floor(Instant at, Duration period) {
    long seconds = period.toSeconds();
    return Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), seconds) * seconds);
  }

  private static Instant latest(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static Instant earliest(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
