package dev.troth.watch.fanout;

import dev.troth.watch.Participation;
import dev.troth.watch.Watch;
import dev.troth.watch.change.Change;
import java.util.List;

/** What the dispatcher needs of a database. */
public interface FanOutStore extends Participation {
  /** Open fan-outs of changes after a sequence, oldest first. */
  List<FanOut> open(long afterSeq, int limit);

  /** The change of an open fan-out. */
  Change change(long seq);

  /**
   * The next watches of the fan-out's current target that push: id above the cursor and at most
   * {@code greatest}, rising, not ended since; without those whose user has a more specific watch.
   */
  List<Watch> audience(FanOut fanOut, int limit);

  /** Writes new positions and what is still owed, in one transaction. */
  void commit(List<FanOut> positions, List<PendingDelivery> owed);
}
