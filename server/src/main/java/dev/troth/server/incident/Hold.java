package dev.troth.server.incident;

import dev.troth.slo.objective.Severity;
import java.time.Instant;
import java.util.Locale;

/**
 * What somebody said of an open incident until a time.
 *
 * @param severity the worst that the incident had by then: a silence holds that and what is below
 * @param by the user who said it last
 * @param reason why; may be empty for an acknowledgement
 * @param began since when it holds, whoever said it first
 * @param at when that user said it first
 */
public record Hold(
    String incident,
    String objective,
    Kind kind,
    Severity severity,
    String by,
    String reason,
    Instant began,
    Instant at,
    Instant until) {

  /** Whether an alert is worse than what was silenced. */
  boolean isBelow(Severity alert) {
    return kind == Kind.SILENCED && alert == Severity.PAGE && severity == Severity.TICKET;
  }

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
