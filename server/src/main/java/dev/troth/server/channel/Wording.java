package dev.troth.server.channel;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;

/**
 * How a user reads messages.
 *
 * @param title of a message of one change, in the user's own words; empty for the usual headline
 * @param time a time as the user's clock shows it
 */
public record Wording(Optional<String> title, Function<Instant, String> time) {
  /** A time for whoever said nothing of themselves. */
  public static String plain(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
