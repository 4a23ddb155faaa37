package dev.troth.server.stream;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The newest changes as events, written once for all streams that tell of them: what a change says
 * is the same for everybody who may read of it. Safe for use by many threads.
 */
final class WrittenChanges {
  private static final int KEPT = 256;

  /** Longer ones are written anew by each stream, so that what is kept stays small. */
  private static final int LONGEST = 4 * 1024;

  private final AtomicReferenceArray<@Nullable Written> kept = new AtomicReferenceArray<>(KEPT);

  private record Written(long seq, byte[] event) {}

  /**
   * The event of a change.
   *
   * @param writing writes it, if no stream did
   */
  byte[] of(long seq, Supplier<byte[]> writing) {
    int place = (int) (seq % KEPT);
    Written known = kept.get(place);
    if (known != null && known.seq() == seq) {
      return known.event();
    }
    byte[] event = writing.get();
    // Who is far behind takes nothing away from those at the front.
    if (event.length <= LONGEST && (known == null || known.seq() < seq)) {
      kept.set(place, new Written(seq, event));
    }
    return event;
  }
}
