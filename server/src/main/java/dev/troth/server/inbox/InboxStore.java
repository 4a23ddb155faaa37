package dev.troth.server.inbox;

import dev.troth.server.change.ChangeRow;
import dev.troth.server.change.Trim;
import dev.troth.server.watch.WatchStore;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Subject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/** The inbox: notifications computed from the log, and the marks that users put on them. */
public final class InboxStore implements Trim {
  /** Counting stops here; nobody reads a larger number. */
  static final int MOST_COUNTED = 1_000;

  private static final int BATCH = 64;

  private final WatchStore watches;

  public InboxStore(WatchStore watches) {
    this.watches = watches;
  }

  /**
   * Whose inbox is read.
   *
   * @param visible what they may read of
   */
  public record Reader(String user, Predicate<Subject> visible) {}

  /**
   * One page.
   *
   * @param next the sequence to go on before; 0 when there is no more
   */
  record Page(List<InboxItem> items, long next) {}

  /** Notifications before a sequence, newest first, whose mark passes. */
  Page page(Handle handle, Reader whose, long before, int limit, Predicate<Mark> wanted) {
    String user = whose.user();
    InboxReader reader = notifications(handle, whose, before);
    long upto = upto(handle, user);
    List<InboxItem> found = new ArrayList<>();
    while (true) {
      List<InboxItem> batch = batch(reader);
      if (batch.isEmpty()) {
        return new Page(List.copyOf(found), 0);
      }
      Map<Long, Mark> marks = marks(handle, user, batch);
      for (InboxItem item : batch) {
        if (found.size() == limit) {
          return new Page(List.copyOf(found), found.getLast().change().seq());
        }
        Mark mark = marks.getOrDefault(item.change().seq(), unmarked(item.change().seq(), upto));
        if (wanted.test(mark)) {
          found.add(item.marked(mark));
        }
      }
    }
  }

  private InboxReader notifications(Handle handle, Reader reader, long before) {
    return new InboxReader(handle, watches.terms(handle, reader.user()), reader.visible(), before);
  }

  private static List<InboxItem> batch(InboxReader reader) {
    List<InboxItem> batch = new ArrayList<>();
    for (InboxItem item = reader.next(); item != null; item = reader.next()) {
      batch.add(item);
      if (batch.size() == BATCH) {
        break;
      }
    }
    return batch;
  }

  /** How many are unread, at most {@link #MOST_COUNTED}. */
  public int unread(Handle handle, Reader whose) {
    String user = whose.user();
    long upto = upto(handle, user);
    int older =
        handle
            .createQuery(
                "SELECT count(*) FROM inbox_mark WHERE user = ? AND mark = 'UNREAD' AND seq <= ?")
            .bind(0, user)
            .bind(1, upto)
            .mapTo(Integer.class)
            .one();
    int count = older;
    InboxReader reader = notifications(handle, whose, Long.MAX_VALUE);
    while (count < MOST_COUNTED) {
      List<InboxItem> batch = batch(reader);
      Map<Long, Mark> marks = marks(handle, user, batch);
      for (InboxItem item : batch) {
        long seq = item.change().seq();
        if (seq <= upto) {
          return Math.min(count, MOST_COUNTED);
        }
        count += marks.getOrDefault(seq, Mark.UNREAD) == Mark.UNREAD ? 1 : 0;
      }
      if (batch.size() < BATCH) {
        break;
      }
    }
    return Math.min(count, MOST_COUNTED);
  }

  /** The user's notification of one change; empty when the user was not told of it. */
  Optional<InboxItem> item(Handle handle, Reader whose, long seq) {
    String user = whose.user();
    Optional<Change> change =
        handle
            .createQuery("SELECT %s FROM change c WHERE c.seq = ?".formatted(ChangeRow.COLUMNS))
            .bind(0, seq)
            .map(new ChangeRow())
            .findOne();
    InboxReader reader = notifications(handle, whose, 1);
    return change
        .flatMap(reader::heard)
        .map(
            item -> item.marked(mark(handle, user, seq).orElse(unmarked(seq, upto(handle, user)))));
  }

  /** Puts another mark on one notification; empty when the user has none of this sequence. */
  Optional<InboxItem> mark(Handle handle, Reader whose, long seq, UnaryOperator<Mark> change) {
    Optional<InboxItem> item = item(handle, whose, seq);
    return item.map(found -> {
      Mark mark = change.apply(found.mark());
      handle.execute(
          """
          INSERT INTO inbox_mark (user, seq, mark) VALUES (?, ?, ?)
          ON CONFLICT (user, seq) DO UPDATE SET mark = excluded.mark
          """,
          whose.user(),
          seq,
          mark.name());
      return found.marked(mark);
    });
  }

  /** Marks all read up to a sequence: what came later stays unread. */
  void readAll(Handle handle, String user, long upto) {
    handle.execute(
        """
        INSERT INTO inbox_read (user, upto) VALUES (?, ?)
        ON CONFLICT (user) DO UPDATE SET upto = max(upto, excluded.upto)
        """,
        user,
        upto);
    handle.execute(
        "DELETE FROM inbox_mark WHERE user = ? AND seq <= ? AND mark IN ('READ', 'UNREAD')",
        user,
        upto);
    handle.execute(
        "UPDATE inbox_mark SET mark = 'DONE' WHERE user = ? AND seq <= ? AND mark = 'DONE_UNREAD'",
        user,
        upto);
  }

  private static Mark unmarked(long seq, long upto) {
    return seq <= upto ? Mark.READ : Mark.UNREAD;
  }

  private static long upto(Handle handle, String user) {
    return handle
        .createQuery("SELECT upto FROM inbox_read WHERE user = ?")
        .bind(0, user)
        .mapTo(Long.class)
        .findOne()
        .orElse(0L);
  }

  private static Optional<Mark> mark(Handle handle, String user, long seq) {
    return handle
        .createQuery("SELECT mark FROM inbox_mark WHERE user = ? AND seq = ?")
        .bind(0, user)
        .bind(1, seq)
        .mapTo(String.class)
        .findOne()
        .map(Mark::valueOf);
  }

  /** The marks on a batch, which runs from its newest first to its oldest last. */
  private static Map<Long, Mark> marks(Handle handle, String user, List<InboxItem> batch) {
    Map<Long, Mark> marks = new HashMap<>();
    if (!batch.isEmpty()) {
      handle
          .createQuery("SELECT seq, mark FROM inbox_mark WHERE user = ? AND seq BETWEEN ? AND ?")
          .bind(0, user)
          .bind(1, batch.getLast().change().seq())
          .bind(2, batch.getFirst().change().seq())
          .map((row, context) -> Map.entry(row.getLong(1), Mark.valueOf(row.getString(2))))
          .forEach(entry -> marks.put(entry.getKey(), entry.getValue()));
    }
    return marks;
  }

  /**
   * The newest change of each subject that the user watches, by watch: one index look-up a watch,
   * in one query.
   */
  static Map<Long, Long> heads(Handle handle, String user, long before) {
    Map<Long, Long> heads = new HashMap<>();
    handle
        .createQuery(
            """
            SELECT w.id, (
              SELECT max(c.seq) FROM change c WHERE c.subject = w.target AND c.seq < :before
                AND c.seq <= coalesce(w.until, c.seq)) AS head
            FROM watch w WHERE w.user = :user
            """)
        .bind("before", before)
        .bind("user", user)
        .map((row, context) -> Map.entry(row.getLong(1), row.getLong(2)))
        .forEach(entry -> heads.put(entry.getKey(), entry.getValue()));
    return heads;
  }

  @Override
  public void trim(Handle handle, long upTo) {
    handle.execute("DELETE FROM inbox_mark WHERE seq <= ?", upTo);
  }
}
