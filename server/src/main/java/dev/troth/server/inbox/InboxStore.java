package dev.troth.server.inbox;

import dev.troth.server.auth.Visibility;
import dev.troth.server.change.ChangeRow;
import dev.troth.server.change.SqliteChangeLog;
import dev.troth.server.statement.Weighed;
import dev.troth.server.watch.WatchStore;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/** The inbox: notifications computed from the log, with the marks that users put on them. */
public final class InboxStore {
  /** Counting stops here; nobody reads a larger number. */
  static final int MOST_COUNTED = 1_000;

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
    lookFurther(handle, whose.user());
    InboxPage page =
        new InboxPage(handle, whose.user(), limit, wanted, end -> reader(handle, whose, end));
    page.fill(index.of(whose.user()), SqliteChangeLog.head(handle), before);
    return new Page(page.found(), page.next());
  }

  /** Unread notifications of urgent changes, newest first, wherever they are buried. */
  List<InboxItem> urgent(Handle handle, Reader whose, int limit) {
    InboxPage page =
        new InboxPage(
            handle,
            whose.user(),
            limit,
            mark -> mark == Mark.UNREAD,
            end -> reader(handle, whose, end));
    page.take(urgentChanges(handle));
    return page.found();
  }

  private static List<Change> urgentChanges(Handle handle) {
    return ChangeRow.weighed(
            handle.createQuery(
                "SELECT %s FROM change c WHERE c.urgent ORDER BY c.seq DESC LIMIT %d"
                    .formatted(ChangeRow.COLUMNS, URGENT_LOOKED_AT)))
        .items();
  }

  /** Changes of the log by their sequence, newest first. */
  static Weighed<Change> changes(Handle handle, Collection<Long> seqs) {
    return ChangeRow.weighed(
        handle
            .createQuery(
                "SELECT %s FROM change c WHERE c.seq IN (<seqs>) ORDER BY c.seq DESC"
                    .formatted(ChangeRow.COLUMNS))
            .bindList("seqs", List.copyOf(seqs)));
  }

  private InboxReader reader(Handle handle, Reader whose, long before) {
    return new InboxReader(handle, watches.terms(handle, whose.user()), whose.visible(), before);
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
    long upto = MarkStore.upto(handle, user);
    int count = MarkStore.unreadBelow(handle, user, upto);
    long after = Math.max(upto, SqliteChangeLog.purged(handle));
    long[] told = index.of(user).told(after, SqliteChangeLog.head(handle) + 1);
    if (told.length == 0) {
      return Math.min(count, MOST_COUNTED);
    }
    Map<Long, Mark> marks = MarkStore.marks(handle, user, told[told.length - 1], told[0]);
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
                MarkStore.mark(handle, whose.user(), seq)
                    .orElse(MarkStore.unmarked(seq, MarkStore.upto(handle, whose.user())))));
  }

  /** Puts another mark on one notification; empty when the user has none of this sequence. */
  Optional<InboxItem> mark(Handle handle, Reader whose, long seq, UnaryOperator<Mark> change) {
    Optional<InboxItem> item = item(handle, whose, seq);
    return item.map(found -> {
      Mark mark = change.apply(found.mark());
      MarkStore.put(handle, whose.user(), seq, mark);
      return found.marked(mark);
    });
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
}
