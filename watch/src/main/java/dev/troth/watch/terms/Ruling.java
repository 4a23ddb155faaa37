package dev.troth.watch.terms;

import java.time.Instant;
import java.util.Locale;

/** What a user's terms make of a message: it goes, it waits, or it is not wanted. */
public sealed interface Ruling {
  Ruling GO = new Now();

  /** It goes. */
  record Now() implements Ruling {}

  /**
   * It waits, and then goes together with whatever else waits.
   *
   * @param because which preference holds it, in a sentence
   */
  record Later(Instant until, Hold hold, String because) implements Ruling {}

  /** The user does not want it on this channel. */
  record Never(String because) implements Ruling {}

  /** What holds a message. */
  enum Hold {
    DIGEST,
    QUIET,
    LIMIT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
