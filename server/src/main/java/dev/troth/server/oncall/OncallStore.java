package dev.troth.server.oncall;

import dev.troth.server.change.Trim;
import dev.troth.server.http.Json;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Condition;
import dev.troth.watch.change.Condition.Turn;
import dev.troth.watch.change.Headline;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Escalations and pages in SQL. */
public final class OncallStore implements Trim {
  /** The type of the subjects that pages are. */
  static final String TYPE = "oncall";

  private static final String SELECT =
      "SELECT id, escalation, subject, title, line, within_seconds, state, step, due, ended,"
          + " acknowledged_by, change_seq, opened_at, paged_at FROM page ";
  private static final RowMapper<Page> PAGE =
      (row, context) ->
          new Page(
              row.getLong(1),
              row.getString(2),
              row.getString(3),
              row.getString(4),
              List.of(Json.mapper().readValue(row.getString(5), String[].class)),
              Duration.ofSeconds(row.getLong(6)),
              State.valueOf(row.getString(7).toUpperCase(Locale.ROOT)),
              row.getInt(8),
              Instant.ofEpochMilli(row.getLong(9)),
              row.getLong(10) != 0,
              row.getString(11),
              row.getLong(12),
              Instant.ofEpochMilli(row.getLong(13)),
              Instant.ofEpochMilli(row.getLong(14)));

  /** Where a page stands. */
  public enum State {
    /** Somebody has to acknowledge it. */
    OPEN,
    /** Everybody in line was paged, and nobody acknowledged it. */
    UNANSWERED,
    ACKNOWLEDGED,
    /** What it was about is over. */
    CLOSED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A page.
   *
   * @param step the place in line of the one who was paged last; -1 before the first
   * @param due when the next is paged
   * @param pagedAt when the one who was paged last was; the epoch before the first
   * @param ended whether what it is about is over, and only that is left to be said
   */
  record Page(
      long id,
      String escalation,
      String subject,
      String title,
      List<String> line,
      Duration within,
      State state,
      int step,
      Instant due,
      boolean ended,
      String acknowledgedBy,
      long changeSeq,
      Instant openedAt,
      Instant pagedAt) {

    /** The name by which it is watched. */
    Subject own() {
      return new Subject(TYPE, Long.toString(id));
    }
  }

  private static final RowMapper<Escalation> ESCALATION =
      (row, context) ->
          new Escalation(
              row.getString(1),
              Target.parse(row.getString(2)),
              List.of(Json.mapper().readValue(row.getString(3), String[].class)),
              Duration.ofSeconds(row.getLong(4)));

  /**
   * Begins and ends pages in the transaction of the change that says so. Whoever is paged is told
   * by a change of its own, in the next transaction.
   */
  public static void appended(Handle handle, Change change) {
    if (change.subject().type().equals(TYPE) || !change.what().event().isEmpty()) {
      return;
    }
    Condition condition = Condition.of(change);
    if (condition.turn() == Turn.ENDS) {
      handle.execute(
          "UPDATE page SET ended = 1, due = ? WHERE subject = ? AND condition = ? AND state <>"
              + " 'closed'",
          change.at().toEpochMilli(),
          change.subject().toString(),
          condition.key());
    } else if (condition.turn() == Turn.BEGINS && change.what().urgent()) {
      begin(handle, change, condition);
    }
  }

  private static void begin(Handle handle, Change change, Condition condition) {
    List<Escalation> escalations =
        handle
            .createQuery(
                """
                SELECT name, target, line, within_seconds FROM escalation
                WHERE target IN (<targets>) ORDER BY name
                """)
            .bindList(
                "targets",
                Target.covering(change.subject()).stream().map(Object::toString).toList())
            .map(ESCALATION)
            .list();
    for (Escalation escalation : escalations) {
      boolean known =
          handle
              .createQuery(
                  """
                  SELECT 1 FROM page WHERE escalation = ? AND subject = ? AND condition = ?
                    AND state <> 'closed' AND ended = 0
                  """)
              .bind(0, escalation.name())
              .bind(1, change.subject().toString())
              .bind(2, condition.key())
              .mapTo(Integer.class)
              .findFirst()
              .isPresent();
      if (!known) {
        handle.execute(
            """
            INSERT INTO page (escalation, subject, condition, title, line, within_seconds, state,
              step, due, ended, change_seq, opened_at)
            VALUES (?, ?, ?, ?, ?, ?, 'open', -1, ?, 0, ?, ?)
            """,
            escalation.name(),
            change.subject().toString(),
            condition.key(),
            Headline.of(change),
            Json.mapper().writeValueAsString(escalation.line()),
            escalation.within().toSeconds(),
            change.at().toEpochMilli(),
            change.seq(),
            change.at().toEpochMilli());
      }
    }
  }

  List<Escalation> escalations(Handle handle) {
    return handle
        .createQuery("SELECT name, target, line, within_seconds FROM escalation ORDER BY name")
        .map(ESCALATION)
        .list();
  }

  void put(Handle handle, Escalation escalation) {
    handle.execute(
        """
        INSERT INTO escalation (name, target, line, within_seconds) VALUES (?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET target = excluded.target, line = excluded.line,
          within_seconds = excluded.within_seconds
        """,
        escalation.name(),
        escalation.target().toString(),
        Json.mapper().writeValueAsString(escalation.line()),
        escalation.within().toSeconds());
  }

  boolean remove(Handle handle, String name) {
    return handle.execute("DELETE FROM escalation WHERE name = ?", name) == 1;
  }

  /** Pages that something is to be said of now. */
  List<Long> due(Handle handle, Instant now, int limit) {
    return handle
        .createQuery(
            """
            SELECT id FROM page
            WHERE due <= :now AND state <> 'closed' AND (state = 'open' OR ended = 1)
            ORDER BY due, id LIMIT :limit
            """)
        .bind("now", now.toEpochMilli())
        .bind("limit", limit)
        .mapTo(Long.class)
        .list();
  }

  Optional<Page> find(Handle handle, long id) {
    return handle.createQuery(SELECT + "WHERE id = ?").bind(0, id).map(PAGE).findOne();
  }

  /** Pages about a group of a subject, or about the subject beside its groups, that go on. */
  List<Page> goingOn(Handle handle, Subject subject, String group) {
    String end = Condition.inGroup(group);
    return handle
        .createQuery(
            SELECT
                + "WHERE subject = :subject AND state <> 'closed' AND ended = 0 AND "
                + "substr(condition, length(condition) - :length + 1) = :end"
                + " AND (:length > 0 OR condition NOT LIKE '% in group %') ORDER BY id")
        .bind("subject", subject.toString())
        .bind("end", end)
        .bind("length", end.codePointCount(0, end.length()))
        .map(PAGE)
        .list();
  }

  /** Pages before an id, the newest first. */
  List<Page> list(Handle handle, boolean alsoClosed, long before, int limit) {
    return handle
        .createQuery(
            SELECT
                + """
                WHERE id < :before %s ORDER BY id DESC LIMIT :limit
                """
                    .formatted(alsoClosed ? "" : "AND state <> 'closed'"))
        .bind("before", before)
        .bind("limit", limit)
        .map(PAGE)
        .list();
  }

  /** Looks at a page again later, since something stood in its way. */
  void postpone(Handle handle, long id, Instant due) {
    handle.execute("UPDATE page SET due = ? WHERE id = ?", due.toEpochMilli(), id);
  }

  /** Those of some names that are a group's. */
  List<String> groups(Handle handle, List<String> names) {
    return handle
        .createQuery("SELECT name FROM member_group WHERE name IN (<names>) ORDER BY name")
        .bindList("names", names)
        .mapTo(String.class)
        .list();
  }

  Optional<Escalation> escalation(Handle handle, String name) {
    return handle
        .createQuery("SELECT name, target, line, within_seconds FROM escalation WHERE name = ?")
        .bind(0, name)
        .map(ESCALATION)
        .findOne();
  }

  /** Takes a page a step on; false, and nothing, when it has moved since it was read. */
  boolean step(Handle handle, Page page, int step, Instant now) {
    return handle.execute(
            """
            UPDATE page SET step = ?, due = ?, paged_at = ?
            WHERE id = ? AND step = ? AND state = ? AND ended = 0
            """,
            step,
            now.plus(page.within()).toEpochMilli(),
            now.toEpochMilli(),
            page.id(),
            page.step(),
            page.state().toString())
        == 1;
  }

  /** Gives a page another state; false, and nothing, when it has another one by now. */
  boolean state(Handle handle, Page page, State state, String acknowledgedBy) {
    return handle.execute(
            "UPDATE page SET state = ?, acknowledged_by = ? WHERE id = ? AND state = ?",
            state.toString(),
            acknowledgedBy,
            page.id(),
            page.state().toString())
        == 1;
  }

  @Override
  public boolean keeps(Handle handle, Subject subject) {
    return subject.type().equals(TYPE)
        && handle
            .createQuery("SELECT 1 FROM page WHERE id = CAST(? AS BIGINT)")
            .bind(0, subject.id())
            .mapTo(Integer.class)
            .findOne()
            .isPresent();
  }

  @Override
  public void trim(Handle handle, long upTo) {
    handle.execute("DELETE FROM page WHERE change_seq <= ? AND state = 'closed'", upTo);
  }
}
