package dev.troth.slo.objective;

import java.time.Duration;

/**
 * A time that comes again and again and in which requests do not count, with its reason.
 *
 * @param length of each time, as it passes: clocks that are changed in it neither shorten nor
 *     lengthen it
 */
public record Maintenance(String name, Schedule schedule, Duration length, String reason) {
  private static final Duration LONGEST = Duration.ofDays(7);

  public Maintenance {
    if (name.isBlank() || name.length() > 63) {
      throw new IllegalArgumentException(
          "name is '%s', expected 1 to 63 characters".formatted(name));
    }
    if (reason.isBlank()) {
      throw new IllegalArgumentException("maintenance '%s' has no reason".formatted(name));
    }
    if (length.toSeconds() % 60 != 0
        || length.compareTo(Duration.ofMinutes(1)) < 0
        || length.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "duration is %s, expected whole minutes, 1m to 7d".formatted(Durations.format(length)));
    }
  }

  /** {@code last sun at 02:00 for 2h (Europe/Berlin)}. */
  public String text() {
    return "%s for %s (%s)"
        .formatted(schedule.text(), Durations.format(length), schedule.zone().getId());
  }
}
