package dev.troth.watch.fanout;

import dev.troth.watch.Participation;
import dev.troth.watch.Watch;
import dev.troth.watch.change.Change;
import java.util.List;
import java.util.function.Function;

/** What the dispatcher needs of a database. */
public interface FanOutStore {
  /** What a page asks, all in one look at one state of the store. */
  interface Reads extends Participation {
    /** Open fan-outs of changes after a sequence, oldest first. */
    List<FanOut> open(long afterSeq, int limit);

    /** The change of an open fan-out. */
    Change change(long seq);

    /**
     * The next watches of the fan-out's current target that push: id above the cursor and at most
     * {@code greatest}, rising, not ended since; without those whose user has a more specific
     * watch.
     */
    List<Watch> audience(FanOut fanOut, int limit);
  }

  /** Does all the reading of a page. The function may run on another thread, while this waits. */
  <T> T look(Function<Reads, T> page);

  /** Writes new positions and what is still owed, in one transaction. */
  void commit(List<FanOut> positions, List<PendingDelivery> owed);
}
