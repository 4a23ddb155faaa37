package dev.troth.server.incident;

import java.time.Instant;
import java.util.Locale;

/**
 * What somebody said of an open incident until a time.
 *
 * @param by the user who said it
 * @param reason why; may be empty for an acknowledgement
 */
public record Hold(
    String incident,
    String objective,
    Kind kind,
    String by,
    String reason,
    Instant at,
    Instant until) {

  /** What was said. */
  public enum Kind {
    /** Somebody looks after it: whoever would be paged next is not. */
    ACKNOWLEDGED,
    /** Nobody is told of it. */
    SILENCED;

    static Kind parse(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** As it is stored, and as people read it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** What there is, as a thing: {@code silence}. */
    String thing() {
      return switch (this) {
        case ACKNOWLEDGED -> "acknowledgement";
        case SILENCED -> "silence";
      };
    }
  }
}
