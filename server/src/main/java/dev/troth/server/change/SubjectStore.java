package dev.troth.server.change;

import dev.troth.server.statement.Weighed;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;

/** Subjects and their histories in SQL. */
public final class SubjectStore {
  private static final String SELECT = "SELECT name, version, changed_at FROM subject ";

  /** After every text that begins with what stands before it. */
  private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

  private static final RowMapper<Row> ROW =
      (row, context) ->
          new Row(row.getString(1), row.getLong(2), Instant.ofEpochMilli(row.getLong(3)));

  /** A subject with its count of changes and the time of the last. */
  public record Row(String name, long version, Instant changedAt) {}

  /** Sequences with {@code after < seq < before}. */
  public record Range(long after, long before) {}

  public Optional<Row> find(Handle handle, Subject subject) {
    return handle
        .createQuery(SELECT + "WHERE name = ?")
        .bind(0, subject.toString())
        .map(ROW)
        .findOne();
  }

  public List<Row> list(Handle handle, String prefix, String after, int limit) {
    // One lower bound: of two, an engine begins at whichever it likes, and walks to the other.
    String from =
        after.isEmpty()
            ? "name >= :prefix"
            : after.startsWith(prefix) ? "name > :after" : "name >= :prefix AND name > :after";
    Query query =
        handle.createQuery(
            SELECT
                + """
                WHERE %s AND name < :end ORDER BY name LIMIT :limit
                """
                    .formatted(from));
    if (!after.isEmpty()) {
      query.bind("after", after);
    }
    if (from.contains(":prefix")) {
      query.bind("prefix", prefix);
    }
    return query
        // Where names that begin with it end: they compare by their bytes, so none lies between.
        .bind("end", prefix + LAST)
        .bind("limit", limit)
        .map(ROW)
        .list();
  }

  /** The types that have a subject, by name; each costs one look into the index. */
  public List<String> types(Handle handle, int limit) {
    List<String> types = new ArrayList<>();
    Optional<String> next = firstAfter(handle, "");
    while (next.isPresent() && types.size() < limit) {
      String type = Subject.parse(next.get()).type();
      types.add(type);
      next = firstAfter(handle, type + "/" + LAST);
    }
    return types;
  }

  private static Optional<String> firstAfter(Handle handle, String name) {
    return handle
        .createQuery("SELECT name FROM subject WHERE name > ? ORDER BY name LIMIT 1")
        .bind(0, name)
        .mapTo(String.class)
        .findOne();
  }

  /** Those of the first subjects of a type that have a text in their name, in any case. */
  public List<Row> holding(Handle handle, String type, String text, int among) {
    return handle
        .createQuery(
            """
            SELECT name, version, changed_at FROM (
              SELECT name, version, changed_at FROM subject
              WHERE name > :begin AND name < :end ORDER BY name LIMIT :among) first
            WHERE lower(name) LIKE :text ESCAPE '!' ORDER BY name
            """)
        .bind("begin", type + "/")
        .bind("end", type + "/" + LAST)
        .bind("among", among)
        .bind("text", "%" + text.toLowerCase(Locale.ROOT).replaceAll("([!%_])", "!$1") + "%")
        .map(ROW)
        .list();
  }

  /** The changes of a time, newest first. */
  public static Weighed<Change> between(Handle handle, Instant from, Instant to, int most) {
    return ChangeRow.weighed(
        handle
            .createQuery(
                """
                SELECT %s FROM change c WHERE c.at >= :from AND c.at <= :to
                ORDER BY c.at DESC, c.seq DESC LIMIT :most
                """
                    .formatted(ChangeRow.COLUMNS))
            .bind("from", from.toEpochMilli())
            .bind("to", to.toEpochMilli())
            .bind("most", most));
  }

  /** The change of a sequence, while it is kept. */
  public static Optional<Change> change(Handle handle, long seq) {
    return handle
        .createQuery("SELECT %s FROM change c WHERE c.seq = ?".formatted(ChangeRow.COLUMNS))
        .bind(0, seq)
        .map(new ChangeRow())
        .findOne();
  }

  /**
   * The oldest of so many changes of a type before a sequence, the newest; empty where there are
   * fewer.
   */
  public static OptionalLong oldestOf(Handle handle, String type, long before, int most) {
    record Looked(long oldest, int count) {}
    Looked looked =
        handle
            .createQuery(
                """
                SELECT coalesce(min(seq), 0), count(*) FROM (
                  SELECT seq FROM change WHERE subject_type = :type AND seq < :before
                  ORDER BY seq DESC LIMIT :most) newest
                """)
            .bind("type", type)
            .bind("before", before)
            .bind("most", most)
            .map((row, context) -> new Looked(row.getLong(1), row.getInt(2)))
            .one();
    return looked.count() < most ? OptionalLong.empty() : OptionalLong.of(looked.oldest());
  }

  /** The changes of a target within a range, newest first. */
  public static Weighed<Change> changes(Handle handle, Target target, Range range, int limit) {
    return ChangeRow.weighed(newest(handle, ChangeRow.COLUMNS, target, range, limit));
  }

  /** The sequences of these changes. */
  public static List<Long> seqs(Handle handle, Target target, Range range, int limit) {
    return newest(handle, "c.seq", target, range, limit).mapTo(Long.class).list();
  }

  private static Query newest(
      Handle handle, String columns, Target target, Range range, int limit) {
    String where =
        switch (target) {
          case Target.One(var _) -> "c.subject = :name AND";
          case Target.Collection(var _, String prefix) ->
              prefix.isEmpty()
                  ? "c.subject_type = :type AND"
                  : "c.subject_type = :type AND substr(c.subject, 1, length(:name)) = :name AND";
          case Target.Everything() -> "";
        };
    Query query =
        handle
            .createQuery(
                """
                SELECT %s FROM change c WHERE %s c.seq < :before AND c.seq > :after
                ORDER BY c.seq DESC LIMIT :limit
                """
                    .formatted(columns, where))
            .bind("before", range.before())
            .bind("after", range.after())
            .bind("limit", limit);
    switch (target) {
      case Target.One(Subject subject) -> query.bind("name", subject.toString());
      case Target.Collection(String type, String prefix) -> {
        query.bind("type", type);
        if (!prefix.isEmpty()) {
          query.bind("name", type + "/" + prefix);
        }
      }
      case Target.Everything() -> {}
    }
    return query;
  }
}
