package dev.troth.watch.terms;

import java.time.Duration;
import java.time.Instant;

/**
 * The most messages in a length of time, written {@code 20/1h}; {@code off} is no limit. The time
 * is cut into windows of that length, which begin with the epoch.
 *
 * @param messages how many; 0 for no limit
 */
public record Limit(int messages, Duration per) {
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final int MOST = 100_000;

  public static final Limit NONE = new Limit(0, LONGEST);

  public Limit {
    if (messages < 0 || messages > MOST || per.toSeconds() < 1 || per.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "limit is %d in %s, expected 1 to %d messages in 1s to 1d"
              .formatted(messages, Span.written(per), MOST));
    }
  }

  /** Reads the written form. */
  public static Limit parse(String text) {
    if (text.equals("off")) {
      return NONE;
    }
    int slash = text.indexOf('/');
    if (slash < 1 || slash > 6 || !text.substring(0, slash).matches("[1-9][0-9]*")) {
      throw new IllegalArgumentException(
          "limit is '%s', expected messages and a time such as 20/1h, or off".formatted(text));
    }
    return new Limit(
        Integer.parseInt(text.substring(0, slash)), Span.parse("limit", text.substring(slash + 1)));
  }

  /** Whether there is one. */
  public boolean isSet() {
    return messages > 0;
  }

  /** The beginning of the window that an instant falls into. */
  public Instant windowOf(Instant instant) {
    long seconds = instant.getEpochSecond();
    return Instant.ofEpochSecond(seconds - Math.floorMod(seconds, per.toSeconds()));
  }

  @Override
  public String toString() {
    return messages == 0 ? "off" : messages + "/" + Span.written(per);
  }
}
