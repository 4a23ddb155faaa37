package dev.troth.server.inbox;

import dev.troth.server.change.ParticipantStore;
import dev.troth.server.change.SubjectStore;
import dev.troth.server.statement.Weighed;
import dev.troth.server.watch.StoredWatch;
import dev.troth.watch.UserWatches;
import dev.troth.watch.Watch;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Reads a user's notifications out of the change log, newest first.
 *
 * <p>Nothing is written per watcher, so the inbox is computed: each term of the user's watches is a
 * run of the log, the runs are merged by falling sequence, and what the most specific watch does
 * not want is left out. Runs are fetched only when their turn comes, so a page costs about as many
 * rows as it shows. Lives as long as one read transaction.
 */
final class InboxReader {
  private static final int CHUNK = 32;

  /** Changes that one reading looks at, so that a call costs little however wide a watch is. */
  static final int MOST_LOOKED_AT = 4_000;

  private final Handle handle;
  private final Predicate<Subject> visible;
  private int lookedAt;
  private long reached;
  private final UserWatches listening;
  private final Map<Long, StoredWatch> byId = new HashMap<>();
  private final Deque<Long> seqs = new ArrayDeque<>();
  private final Deque<Change> changes = new ArrayDeque<>();
  private final PriorityQueue<Run> runs =
      new PriorityQueue<>(Comparator.comparingLong(Run::bound).reversed());

  /**
   * @param visible what the user may read of
   */
  InboxReader(Handle handle, List<StoredWatch> terms, Predicate<Subject> visible, long before) {
    this.handle = handle;
    this.visible = visible;
    this.reached = before;
    this.listening = new UserWatches(terms.stream().map(StoredWatch::watch).toList());
    terms.forEach(term -> byId.put(term.watch().id(), term));
    Map<Long, Long> heads =
        // Who only asks whether a change is heard begins no run.
        terms.isEmpty() || before <= 1
            ? Map.of()
            : InboxStore.heads(handle, terms.getFirst().watch().user(), before);
    for (StoredWatch term : terms) {
      Watch watch = term.watch();
      boolean single = watch.target() instanceof Target.One;
      long bound =
          single ? heads.getOrDefault(watch.id(), 0L) : Math.min(before - 1, watch.term().until());
      if (bound > watch.term().after()) {
        runs.add(new Run(watch, bound));
      }
    }
  }

  /** The next older notification, without its mark; null at the end, or when it looked enough. */
  @Nullable InboxItem next() {
    return next(0);
  }

  /** As {@link #next()}, but looks only at changes after a sequence. */
  @Nullable InboxItem next(long after) {
    while (lookedAt < MOST_LOOKED_AT) {
      Change change = nextChange();
      if (change == null || change.seq() <= after) {
        reached = after + 1;
        return null;
      }
      lookedAt++;
      reached = change.seq();
      Optional<InboxItem> item = heard(change);
      if (item.isPresent()) {
        return item.get();
      }
    }
    return null;
  }

  /** The oldest change that was looked at, with all that are newer; 1 at the end of the log. */
  long reached() {
    return reached;
  }

  /** The user's notification of this change, if it is one. */
  Optional<InboxItem> heard(Change change) {
    if (!visible.test(change.subject())) {
      return Optional.empty();
    }
    return listening
        .hear(change, (user, of) -> ParticipantStore.tookPart(handle, user, of))
        .map(heard -> {
          StoredWatch told = byId.get(heard.watch().id());
          if (told == null) {
            throw new IllegalStateException("watch %d is unknown".formatted(heard.watch().id()));
          }
          return InboxItem.of(change, told, heard.reason(), Mark.UNREAD);
        });
  }

  /** The newest change not yet seen that falls into any run; each change once. */
  private @Nullable Change nextChange() {
    if (changes.isEmpty()) {
      while (seqs.size() < CHUNK) {
        long seq = nextSeq();
        if (seq == 0) {
          break;
        }
        seqs.add(seq);
      }
      if (seqs.isEmpty()) {
        return null;
      }
      Weighed<Change> read = InboxStore.changes(handle, seqs);
      changes.addAll(read.items());
      if (read.isCut()) {
        // Of long ones, a part is read at a time.
        long oldest = changes.getLast().seq();
        seqs.removeIf(seq -> seq >= oldest);
      } else {
        seqs.clear();
      }
    }
    // None, if all of them were removed meanwhile as too old: so are those behind them.
    return changes.pollFirst();
  }

  /** As {@link #nextChange}, its sequence; 0 at the end. */
  private long nextSeq() {
    long found = 0;
    while (!runs.isEmpty() && (found == 0 || runs.peek().bound() >= found)) {
      Run run = runs.poll();
      long head = run.take(found == 0 ? Long.MAX_VALUE : found);
      found = head == 0 ? found : head;
      if (!run.isEmpty()) {
        runs.add(run);
      }
    }
    return found;
  }

  /** The changes of one term, by falling sequence: what they say is read when their turn comes. */
  private final class Run {
    private final Watch watch;
    private final Deque<Long> fetched = new ArrayDeque<>();
    private long bound;
    private boolean ended;

    Run(Watch watch, long bound) {
      this.watch = watch;
      this.bound = bound;
    }

    /** The greatest sequence that may come next. */
    long bound() {
      return bound;
    }

    boolean isEmpty() {
      return ended && fetched.isEmpty();
    }

    /**
     * Takes the next change if it is the bound; a change that another run gave before is dropped.
     * Otherwise only lowers the bound, and gives 0.
     */
    long take(long alreadyFound) {
      if (fetched.isEmpty()) {
        fetch();
        return 0;
      }
      long head = fetched.removeFirst();
      settle();
      return head == alreadyFound ? 0 : head;
    }

    private void fetch() {
      SubjectStore.Range range = new SubjectStore.Range(watch.term().after(), bound + 1);
      List<Long> chunk = SubjectStore.seqs(handle, watch.target(), range, CHUNK);
      fetched.addAll(chunk);
      ended = chunk.size() < CHUNK;
      settle();
    }

    private void settle() {
      Long head = fetched.peekFirst();
      bound = head == null ? bound - 1 : head;
      ended |= bound <= watch.term().after();
    }
  }
}
