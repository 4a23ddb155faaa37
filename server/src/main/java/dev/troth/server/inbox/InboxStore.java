package dev.troth.server.inbox;

import dev.troth.server.auth.Visibility;
import dev.troth.server.change.ChangeRow;
import dev.troth.server.change.SqliteChangeLog;
import dev.troth.server.change.Trim;
import dev.troth.server.watch.WatchStore;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Subject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/** The inbox: notifications computed from the log, and the marks that users put on them. */
public final class InboxStore implements Trim {
  /** Counting stops here; nobody reads a larger number. */
  static final int MOST_COUNTED = 1_000;

  private static final int BATCH = 64;

  /** Urgent changes that one call looks at, the newest. */
  private static final int URGENT_LOOKED_AT = 200;

  private final WatchStore watches;
  private final Visibility visibility;
  private final LongSupplier committed;
  private final InboxIndex index = new InboxIndex();

  /**
   * Inboxes over a log.
   *
   * @param committed the newest change that was committed
   */
  public InboxStore(WatchStore watches, Visibility visibility, LongSupplier committed) {
    this.watches = watches;
    this.visibility = visibility;
    this.committed = committed;
  }

  /**
   * One page.
   *
   * @param next the sequence to go on before; 0 when there is no more
   */
  record Page(List<InboxItem> items, long next) {}

  /** Whose inbox it is, and what the one who asks may see. */
  public record Reader(String user, Predicate<Subject> visible) {}

  /**
   * Notifications before a sequence, newest first, whose mark passes. A page may have fewer than
   * asked for and go on, when a wide watch let it look at many changes.
   */
  Page page(Handle handle, Reader whose, long before, int limit, Predicate<Mark> wanted) {
    String user = whose.user();
    lookFurther(handle, user);
    InboxIndex.Known known = index.of(user);
    long upto = upto(handle, user);
    List<InboxItem> found = new ArrayList<>();
    InboxReader here = reader(handle, whose, 1);
    long low = known.low();
    long[] told = known.told(low, Math.min(before, SqliteChangeLog.head(handle) + 1));
    for (int from = 0; from < told.length; from += BATCH) {
      List<InboxItem> batch = new ArrayList<>();
      for (Change change : changes(handle, told, from, Math.min(told.length, from + BATCH))) {
        here.heard(change).ifPresent(batch::add);
      }
      if (!take(handle, user, batch, upto, wanted, found, limit)) {
        return new Page(List.copyOf(found), found.getLast().change().seq());
      }
    }
    if (low == 0) {
      return new Page(List.copyOf(found), 0);
    }
    InboxReader older = reader(handle, whose, Math.min(before, low + 1));
    while (true) {
      List<InboxItem> batch = batch(older);
      if (!take(handle, user, batch, upto, wanted, found, limit)) {
        return new Page(List.copyOf(found), found.getLast().change().seq());
      }
      if (batch.size() < BATCH) {
        return new Page(List.copyOf(found), older.reached() == 1 ? 0 : older.reached());
      }
    }
  }

  /** Unread notifications of urgent changes, newest first, wherever they are buried. */
  List<InboxItem> urgent(Handle handle, Reader whose, int limit) {
    InboxReader here = reader(handle, whose, 1);
    List<InboxItem> batch = new ArrayList<>();
    for (Change change : urgentChanges(handle)) {
      here.heard(change).ifPresent(batch::add);
    }
    List<InboxItem> found = new ArrayList<>();
    String user = whose.user();
    take(handle, user, batch, upto(handle, user), mark -> mark == Mark.UNREAD, found, limit);
    return List.copyOf(found);
  }

  private static List<Change> urgentChanges(Handle handle) {
    return handle
        .createQuery(
            "SELECT %s FROM change c WHERE c.urgent ORDER BY c.seq DESC LIMIT %d"
                .formatted(ChangeRow.COLUMNS, URGENT_LOOKED_AT))
        .map(new ChangeRow())
        .list();
  }

  /** Takes what passes of a batch; false if it has more than the limit. */
  private static boolean take(
      Handle handle,
      String user,
      List<InboxItem> batch,
      long upto,
      Predicate<Mark> wanted,
      List<InboxItem> found,
      int limit) {
    Map<Long, Mark> marks = marks(handle, user, batch);
    for (InboxItem item : batch) {
      Mark mark = marks.getOrDefault(item.change().seq(), unmarked(item.change().seq(), upto));
      if (wanted.test(mark)) {
        if (found.size() == limit) {
          return false;
        }
        found.add(item.marked(mark));
      }
    }
    return true;
  }

  private static List<Change> changes(Handle handle, long[] seqs, int from, int to) {
    return handle
        .createQuery(
            "SELECT %s FROM change c WHERE c.seq IN (<seqs>) ORDER BY c.seq DESC"
                .formatted(ChangeRow.COLUMNS))
        .bindList("seqs", Arrays.stream(seqs, from, to).boxed().toList())
        .map(new ChangeRow())
        .list();
  }

  private InboxReader reader(Handle handle, Reader whose, long before) {
    return new InboxReader(handle, watches.terms(handle, whose.user()), whose.visible(), before);
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

  /**
   * Looks at the changes since the last look and, as far as one call may, at older ones. What the
   * user may see is asked when it is shown, because it can be another thing by then.
   */
  private void lookFurther(Handle handle, String user) {
    InboxIndex.Known known = index.of(user);
    synchronized (known) {
      // Not what this transaction itself has written: that may never be committed.
      long head = Math.min(SqliteChangeLog.head(handle), committed.getAsLong());
      if (head > known.high()) {
        InboxReader newer = unrestricted(handle, user, head + 1);
        List<Long> found = all(newer, known.high(), known);
        known.addNewer(found, newer.reached(), head);
      }
      if (!known.isComplete()) {
        InboxReader older = unrestricted(handle, user, known.low() + 1);
        known.addOlder(all(older, 0, known), older.reached());
      }
    }
  }

  private InboxReader unrestricted(Handle handle, String user, long before) {
    return new InboxReader(handle, watches.terms(handle, user), subject -> true, before);
  }

  private List<Long> all(InboxReader reader, long after, InboxIndex.Known known) {
    List<Long> found = new ArrayList<>();
    for (InboxItem item = reader.next(after); item != null; item = reader.next(after)) {
      found.add(item.change().seq());
      if (!visibility.isOpen(item.change().subject().type())) {
        known.restrict(item.change());
      }
    }
    return found;
  }

  /** Looks at what is new. */
  void look(Handle handle, String user) {
    lookFurther(handle, user);
  }

  /** How far somebody has looked: another number after each look that went further. */
  long progress(String user) {
    InboxIndex.Known known = index.of(user);
    return known.high() == 0 ? -1 : known.low();
  }

  /** Whether the unread count counts all, or only what could be looked at so far. */
  public boolean isCounted(String user) {
    return index.of(user).isComplete();
  }

  /**
   * How many are unread, at most {@link #MOST_COUNTED}, as far as one call looks; later calls look
   * further.
   */
  public int unread(Handle handle, Reader whose) {
    String user = whose.user();
    lookFurther(handle, user);
    long upto = upto(handle, user);
    int count =
        handle
            .createQuery(
                "SELECT count(*) FROM inbox_mark WHERE user_name = ? AND mark = 'UNREAD' AND seq <= ?")
            .bind(0, user)
            .bind(1, upto)
            .mapTo(Integer.class)
            .one();
    long after = Math.max(upto, SqliteChangeLog.purged(handle));
    long[] told = index.of(user).told(after, SqliteChangeLog.head(handle) + 1);
    if (told.length == 0) {
      return Math.min(count, MOST_COUNTED);
    }
    Map<Long, Mark> marks = marks(handle, user, told[told.length - 1], told[0]);
    Predicate<Subject> visible = whose.visible();
    Map<Long, Subject> restricted = index.of(user).restricted();
    for (long seq : told) {
      Subject subject = restricted.get(seq);
      boolean shown = subject == null || visible.test(subject);
      count += shown && marks.getOrDefault(seq, Mark.UNREAD) == Mark.UNREAD ? 1 : 0;
    }
    return Math.min(count, MOST_COUNTED);
  }

  /** The user's notification of one change; empty when the user was not told of it. */
  Optional<InboxItem> item(Handle handle, Reader whose, long seq) {
    Optional<Change> change =
        handle
            .createQuery("SELECT %s FROM change c WHERE c.seq = ?".formatted(ChangeRow.COLUMNS))
            .bind(0, seq)
            .map(new ChangeRow())
            .findOne();
    InboxReader reader = reader(handle, whose, 1);
    return change
        .flatMap(reader::heard)
        .map(item ->
            item.marked(
                mark(handle, whose.user(), seq).orElse(unmarked(seq, upto(handle, whose.user())))));
  }

  /** Puts another mark on one notification; empty when the user has none of this sequence. */
  Optional<InboxItem> mark(Handle handle, Reader whose, long seq, UnaryOperator<Mark> change) {
    Optional<InboxItem> item = item(handle, whose, seq);
    return item.map(found -> {
      Mark mark = change.apply(found.mark());
      handle.execute(
          """
          INSERT INTO inbox_mark (user_name, seq, mark) VALUES (?, ?, ?)
          ON CONFLICT (user_name, seq) DO UPDATE SET mark = excluded.mark
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
        INSERT INTO inbox_read (user_name, upto) VALUES (?, ?)
        ON CONFLICT (user_name) DO UPDATE SET upto = excluded.upto WHERE inbox_read.upto < excluded.upto
        """,
        user,
        upto);
    handle.execute(
        "DELETE FROM inbox_mark WHERE user_name = ? AND seq <= ? AND mark IN ('READ', 'UNREAD')",
        user,
        upto);
    handle.execute(
        "UPDATE inbox_mark SET mark = 'DONE' WHERE user_name = ? AND seq <= ? AND mark = 'DONE_UNREAD'",
        user,
        upto);
  }

  private static Mark unmarked(long seq, long upto) {
    return seq <= upto ? Mark.READ : Mark.UNREAD;
  }

  private static long upto(Handle handle, String user) {
    return handle
        .createQuery("SELECT upto FROM inbox_read WHERE user_name = ?")
        .bind(0, user)
        .mapTo(Long.class)
        .findOne()
        .orElse(0L);
  }

  private static Optional<Mark> mark(Handle handle, String user, long seq) {
    return handle
        .createQuery("SELECT mark FROM inbox_mark WHERE user_name = ? AND seq = ?")
        .bind(0, user)
        .bind(1, seq)
        .mapTo(String.class)
        .findOne()
        .map(Mark::valueOf);
  }

  /** The marks on a batch, which runs from its newest first to its oldest last. */
  private static Map<Long, Mark> marks(Handle handle, String user, List<InboxItem> batch) {
    return batch.isEmpty()
        ? Map.of()
        : marks(handle, user, batch.getLast().change().seq(), batch.getFirst().change().seq());
  }

  private static Map<Long, Mark> marks(Handle handle, String user, long from, long to) {
    Map<Long, Mark> marks = new HashMap<>();
    handle
        .createQuery("SELECT seq, mark FROM inbox_mark WHERE user_name = ? AND seq BETWEEN ? AND ?")
        .bind(0, user)
        .bind(1, from)
        .bind(2, to)
        .map((row, context) -> Map.entry(row.getLong(1), Mark.valueOf(row.getString(2))))
        .forEach(entry -> marks.put(entry.getKey(), entry.getValue()));
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
            FROM watch w WHERE w.user_name = :user
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
