package dev.troth.server.delivery;

import dev.troth.server.auth.Visibility;
import dev.troth.server.change.SubjectStore;
import dev.troth.server.change.Trim;
import dev.troth.server.db.Parts;
import dev.troth.server.http.Parameters;
import dev.troth.server.statement.Statements;
import dev.troth.server.watch.WatchRow;
import dev.troth.watch.Reason;
import dev.troth.watch.change.Change;
import dev.troth.watch.delivery.Delivery;
import dev.troth.watch.delivery.Delivery.State;
import dev.troth.watch.delivery.Notification;
import dev.troth.watch.fanout.PendingDelivery;
import dev.troth.watch.terms.Ruling;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Notifications that a page could not settle itself, with the record of their attempts. */
public final class DeliveryStore implements Trim {
  /** What {@link #ROW} reads, of the delivery that a query names d. */
  static final String COLUMNS =
      "d.key, d.change_seq, d.watch_id, d.user_name, d.subject, d.version, d.channel, d.reason,"
          + " d.state, d.attempts, d.due, d.note, d.held, d.held_by, d.batch";

  /** How many columns those are. */
  static final int WIDTH = 15;

  private static final String INSERT =
      """
      INSERT INTO delivery (key, change_seq, watch_id, user_name, subject, version, channel,
        reason, state, attempts, due, note, at, part, held, held_by)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (key) DO NOTHING
      """;
  private static final String STANDING =
      "SELECT %s FROM watch w WHERE w.id = ? AND NOT w.ended".formatted(WatchRow.COLUMNS);
  private static final String SELECT = "SELECT " + COLUMNS + " FROM delivery d ";
  static final RowMapper<Row> ROW = (row, context) -> read(row);

  private final WatchRow watches = new WatchRow();
  private final ClaimStore claims = new ClaimStore();
  private final Visibility visibility;
  private final LongFunction<Optional<Change>> newest;

  /**
   * @param visibility what users may read of, also by the time that something is sent
   * @param newest the changes that are in memory, by sequence
   */
  public DeliveryStore(Visibility visibility, LongFunction<Optional<Change>> newest) {
    this.visibility = visibility;
    this.newest = newest;
  }

  /** The delivery that a row of {@link #COLUMNS} holds. */
  static Row read(ResultSet row) throws SQLException {
    return new Row(
        row.getString(1),
        new Route(
            row.getLong(2),
            row.getLong(3),
            row.getString(4),
            row.getString(5),
            row.getLong(6),
            row.getString(7),
            row.getString(8)),
        new Delivery(
            State.valueOf(row.getString(9).toUpperCase(Locale.ROOT)),
            row.getInt(10),
            Instant.ofEpochMilli(row.getLong(11)),
            row.getString(12)),
        new Hold(row.getString(13), row.getString(14), row.getString(15)));
  }

  /** Who works on them. */
  ClaimStore claims() {
    return claims;
  }

  /** Which change goes to whom, by which channel and why. */
  record Route(
      long seq,
      long watch,
      String user,
      String subject,
      long version,
      String channel,
      String reason) {

    ClaimStore.Receiver receiver() {
      return new ClaimStore.Receiver(user, channel);
    }
  }

  /**
   * What holds a delivery, or held it until it went.
   *
   * @param kind in a word; empty if nothing does
   * @param because the same in a sentence
   * @param batch the key of the message in which it goes with others; empty until it does
   */
  record Hold(String kind, String because, String batch) {
    static final Hold NONE = new Hold("", "", "");

    boolean isHeld() {
      return !kind.isEmpty();
    }
  }

  /** A delivery as it is stored. */
  record Row(String key, Route route, Delivery delivery, Hold hold) {}

  /**
   * A page that is told again after a crash writes the same keys; what is there already stays.
   *
   * @param ruling what the user's terms make of it
   */
  static void insert(Handle handle, PendingDelivery owed, Ruling ruling) {
    Notification notification = owed.notification();
    Delivery delivery =
        switch (ruling) {
          case Ruling.Now() -> owed.delivery();
          case Ruling.Later later -> owed.delivery().until(later.until());
          case Ruling.Never never -> owed.delivery().suppressed(never.because());
        };
    Hold hold =
        ruling instanceof Ruling.Later later
            ? new Hold(later.hold().toString(), later.because(), "")
            : Hold.NONE;
    int _ =
        Statements.of(handle)
            .execute(
                INSERT,
                notification.key().text(),
                notification.change().seq(),
                notification.watch().id(),
                notification.watch().user(),
                notification.change().subject().toString(),
                notification.change().version(),
                notification.channel(),
                notification.reason().toString(),
                delivery.state().toString(),
                delivery.attempts(),
                delivery.due().toEpochMilli(),
                delivery.note(),
                notification.change().at().toEpochMilli(),
                Parts.of(notification.watch().user()),
                hold.kind(),
                hold.because());
  }

  /**
   * The notification behind a row; empty when its watch has been ended since, or when its user may
   * not read of the subject any more.
   */
  Optional<Notification> notification(Handle handle, Row row) {
    long seq = row.route().seq();
    Change change = newest.apply(seq).orElseGet(() -> SqliteFanOutStore.change(handle, seq));
    return Statements.of(handle)
        .first(STANDING, watches::read, row.route().watch())
        .filter(standing -> visibility.to(handle, row.route().user()).test(change.subject()))
        .map(standing ->
            new Notification(
                change,
                standing.watch(),
                row.route().channel(),
                Reason.valueOf(row.route().reason().toUpperCase(Locale.ROOT))));
  }

  /** Writes down how a delivery begins again, with nothing that holds it. */
  void settle(Handle handle, String key, Delivery delivery) {
    handle.execute(
        "UPDATE delivery SET state = ?, attempts = ?, due = ?, note = ?, held = '', held_by = '',"
            + " batch = '' WHERE key = ?",
        delivery.state().toString(),
        delivery.attempts(),
        delivery.due().toEpochMilli(),
        delivery.note(),
        key);
  }

  /**
   * Where a page of deliveries begins: after this one, of all that go from new to old changes.
   *
   * @param key of the last delivery of the page before; several deliveries belong to one change
   */
  record Position(long seq, String key) {
    private static final Pattern WRITTEN = Pattern.compile("([0-9]+)(?:-([\\w-]{1,64}))?");

    /** The beginning. */
    static final Position NEWEST = new Position(Long.MAX_VALUE, "");

    /** Reads what {@link #toString} writes; a number alone means before that change. */
    static Position parse(String text) {
      Matcher written = WRITTEN.matcher(text);
      OptionalLong seq =
          written.matches() ? Parameters.whole(written.group(1)) : OptionalLong.empty();
      if (seq.isEmpty()) {
        throw new IllegalArgumentException(
            "before is '%s', expected the next of a page or a number".formatted(text));
      }
      String key = written.group(2);
      return key == null
          ? new Position(seq.getAsLong() - 1, "")
          : new Position(seq.getAsLong(), key);
    }

    @Override
    public String toString() {
      return seq + "-" + key;
    }
  }

  /** A user's deliveries in a state, newest first, from a position. */
  List<Row> list(Handle handle, String user, String state, Position from, int limit) {
    return handle
        .createQuery(
            SELECT
                + """
                WHERE user_name = :user AND state = :state AND %s
                  AND change_seq <= :before AND (change_seq < :before OR key > :afterKey)
                ORDER BY change_seq DESC, key LIMIT :limit
                """
                    // Said in its own words, it is what one of two indexes holds.
                    .formatted(
                        state.equals("pending") ? "state = 'pending'" : "state <> 'pending'"))
        .bind("user", user)
        .bind("state", state)
        .bind("before", from.seq())
        .bind("afterKey", from.key())
        .bind("limit", limit)
        .map(ROW)
        .list();
  }

  Optional<Row> find(Handle handle, String key) {
    return handle.createQuery(SELECT + "WHERE key = ?").bind(0, key).map(ROW).findOne();
  }

  /**
   * A user's dead letters of a range of changes.
   *
   * @param channel the channel, or empty for all
   */
  List<Row> dead(Handle handle, String user, SubjectStore.Range range, String channel) {
    return handle
        .createQuery(
            SELECT
                + """
                WHERE user_name = :user AND state = 'dead' AND change_seq > :after
                  AND change_seq < :before AND (:channel = '' OR channel = :channel)
                """)
        .bind("user", user)
        .bind("after", range.after())
        .bind("before", range.before())
        .bind("channel", channel)
        .map(ROW)
        .list();
  }

  /** How many are in a state. */
  static long count(Handle handle, String state) {
    return handle
        .createQuery("SELECT count(*) FROM delivery WHERE state = ?")
        .bind(0, state)
        .mapTo(Long.class)
        .one();
  }

  @Override
  public long needs(Handle handle) {
    return handle
        .createQuery(
            "SELECT coalesce(min(change_seq), :none) FROM delivery WHERE state = 'pending'")
        .bind("none", Long.MAX_VALUE)
        .mapTo(Long.class)
        .one();
  }

  @Override
  public void trim(Handle handle, long upTo) {
    handle.execute(
        """
        DELETE FROM attempt WHERE key IN (
          SELECT key FROM delivery WHERE change_seq <= ? AND state <> 'pending')
        """,
        upTo);
    handle.execute("DELETE FROM delivery WHERE change_seq <= ? AND state <> 'pending'", upTo);
  }
}
