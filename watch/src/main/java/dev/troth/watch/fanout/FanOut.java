package dev.troth.watch.fanout;

import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import java.util.List;

/**
 * How far one change has been told.
 *
 * <p>The audience is paged by keyset: target after target in the order of {@link Target#covering},
 * within a target by rising watch id. The position is all that must be kept.
 *
 * @param seq the change
 * @param stage the index of the target being paged
 * @param cursor the last watch of that target that was handled, 0 at its start
 * @param greatest the greatest watch id when the change was written; later watches are not told
 */
public record FanOut(long seq, Subject subject, int stage, long cursor, long greatest) {

  public static FanOut start(long seq, Subject subject, long greatest) {
    return new FanOut(seq, subject, 0, 0, greatest);
  }

  /** The targets to page through. */
  public List<Target> targets() {
    return Target.covering(subject);
  }

  public boolean isDone() {
    return stage >= Target.countCovering(subject);
  }

  /** The position behind a page that ended at a watch, with more of the same target to come. */
  public FanOut upTo(long watchId) {
    if (watchId <= cursor) {
      throw new IllegalArgumentException(
          "cursor of change %d goes from %d to %d, expected to rise"
              .formatted(seq, cursor, watchId));
    }
    return new FanOut(seq, subject, stage, watchId, greatest);
  }

  /** The position at the start of the next target. */
  public FanOut nextTarget() {
    return new FanOut(seq, subject, stage + 1, 0, greatest);
  }
}
