package dev.troth.server.inbox;

import dev.troth.server.change.ChangeRow;
import dev.troth.server.statement.Weighed;
import dev.troth.watch.change.Change;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/** A page of an inbox as it fills, newest first. Lives as long as one read transaction. */
final class InboxPage {
  private static final int BATCH = 64;

  private final Handle handle;
  private final String user;
  private final int limit;
  private final Predicate<Mark> wanted;
  private final long upto;
  private final LongFunction<InboxReader> readers;
  private final InboxReader hearing;
  private final List<InboxItem> found = new ArrayList<>();
  private long characters;
  private long next;

  /** Whether there is more than the page takes. */
  private boolean isFull;

  /**
   * An empty page.
   *
   * @param wanted the marks that pass
   * @param readers a reader of what is before a sequence
   */
  InboxPage(
      Handle handle,
      String user,
      int limit,
      Predicate<Mark> wanted,
      LongFunction<InboxReader> readers) {
    this.handle = handle;
    this.user = user;
    this.limit = limit;
    this.wanted = wanted;
    this.upto = MarkStore.upto(handle, user);
    this.readers = readers;
    this.hearing = readers.apply(1);
  }

  /** Fills from notifications before a sequence. */
  void fill(InboxIndex.Known known, long head, long before) {
    // What bears no mark is unread above this, and read below.
    long border = Math.min(before, upto + 1);
    if (before > border) {
      part(known, head, upto, before, Mark.UNREAD);
    }
    if (next == 0) {
      part(known, head, 0, border, Mark.READ);
    }
  }

  List<InboxItem> found() {
    return List.copyOf(found);
  }

  /** The sequence to go on before; 0 when there is no more. */
  long next() {
    return next;
  }

  private void part(InboxIndex.Known known, long head, long after, long before, Mark unmarked) {
    if (wanted.test(unmarked)) {
      walk(known, head, after, before);
    } else {
      marked(after, before);
    }
  }

  /** Looks at what the user was told: first where that is known, then in the log. */
  private void walk(InboxIndex.Known known, long head, long after, long before) {
    long low = known.low();
    long[] told = known.told(Math.max(low, after), Math.min(before, head + 1));
    int from = 0;
    while (from < told.length) {
      int to = Math.min(told.length, from + BATCH);
      Weighed<Change> read =
          InboxStore.changes(handle, Arrays.stream(told, from, to).boxed().toList());
      take(read.items());
      from = read.isCut() ? from + read.items().size() : to;
      if (isFull) {
        return;
      }
    }
    if (low <= after) {
      return;
    }
    InboxReader older = readers.apply(Math.min(before, low + 1));
    List<InboxItem> batch;
    do {
      batch = batch(older, after);
      takeUnmarked(batch);
    } while (batch.size() == BATCH && !isFull);
    if (!isFull && older.reached() > after + 1) {
      next = older.reached();
    }
  }

  /** Looks only at what bears a mark that passes. */
  private void marked(long after, long before) {
    long from = before;
    for (int looked = 0; looked < InboxReader.MOST_LOOKED_AT; looked += BATCH) {
      NavigableMap<Long, Mark> marks = MarkStore.newest(handle, user, wanted, after, from, BATCH);
      if (marks.isEmpty()) {
        return;
      }
      Weighed<Change> read = InboxStore.changes(handle, marks.keySet());
      take(heard(read.items()), marks);
      if (isFull) {
        return;
      }
      from = read.isCut() ? read.items().getLast().seq() : marks.firstKey();
    }
    next = from;
  }

  /** Takes what the user is told of among changes, newest first. */
  void take(List<Change> changes) {
    takeUnmarked(heard(changes));
  }

  private List<InboxItem> heard(List<Change> changes) {
    List<InboxItem> heard = new ArrayList<>();
    for (Change change : changes) {
      hearing.heard(change).ifPresent(heard::add);
    }
    return heard;
  }

  private void takeUnmarked(List<InboxItem> batch) {
    if (!batch.isEmpty()) {
      long oldest = batch.getLast().change().seq();
      take(batch, MarkStore.marks(handle, user, oldest, batch.getFirst().change().seq()));
    }
  }

  private void take(List<InboxItem> batch, Map<Long, Mark> marks) {
    for (InboxItem item : batch) {
      long seq = item.change().seq();
      Mark mark = marks.getOrDefault(seq, MarkStore.unmarked(seq, upto));
      if (wanted.test(mark)) {
        if (found.size() == limit || characters > Weighed.MOST) {
          next = found.getLast().change().seq();
          isFull = true;
          return;
        }
        found.add(item.marked(mark));
        characters += ChangeRow.length(item.change());
      }
    }
  }

  private static List<InboxItem> batch(InboxReader reader, long after) {
    List<InboxItem> batch = new ArrayList<>();
    for (InboxItem item = reader.next(after); item != null; item = reader.next(after)) {
      batch.add(item);
      if (batch.size() == BATCH) {
        break;
      }
    }
    return batch;
  }
}
