package dev.troth.cli.gate.rehearse;

import dev.troth.gate.core.Reason;
import dev.troth.gate.serve.VerdictListener.Place;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How often a token got one verdict for one thing.
 *
 * @param place null where the token alone was asked about, or the place is not recorded
 * @param placeLost whether there was a place that is not recorded
 */
record Use(Reason reason, @Nullable Place place, boolean placeLost, long count, Instant last) {
  Use {
    if (count < 1 || (placeLost && place != null)) {
      throw new IllegalArgumentException(
          "a use counts %d at %s, expected 1 or more and one place at most"
              .formatted(count, place));
    }
  }

  boolean isLike(Use other) {
    return reason == other.reason
        && placeLost == other.placeLost
        && (place == null ? other.place == null : place.equals(other.place));
  }

  Use and(Use more) {
    return new Use(
        reason, place, placeLost, count + more.count, last.isAfter(more.last) ? last : more.last);
  }

  /** The same without its place. */
  Use withoutPlace() {
    return place == null ? this : new Use(reason, null, true, count, last);
  }
}
