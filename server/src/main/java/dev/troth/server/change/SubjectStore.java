package dev.troth.server.change;

import dev.troth.watch.change.Change;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Subjects and their histories in SQL. */
public final class SubjectStore {
  private static final String SELECT = "SELECT name, version, changed_at FROM subject ";
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
    return handle
        .createQuery(
            SELECT
                + """
                WHERE name > :after AND name >= :prefix
                  AND substr(name, 1, length(:prefix)) = :prefix
                ORDER BY name LIMIT :limit
                """)
        .bind("after", after)
        .bind("prefix", prefix)
        .bind("limit", limit)
        .map(ROW)
        .list();
  }

  /** The change of a sequence, while it is kept. */
  public static Optional<Change> change(Handle handle, long seq) {
    return handle
        .createQuery("SELECT %s FROM change c WHERE c.seq = ?".formatted(ChangeRow.COLUMNS))
        .bind(0, seq)
        .map(new ChangeRow())
        .findOne();
  }

  /** The changes of a target within a range, newest first. */
  public static List<Change> changes(Handle handle, Target target, Range range, int limit) {
    String where =
        switch (target) {
          case Target.One(var _) -> "c.subject = :name AND";
          case Target.Collection(var _, String prefix) ->
              prefix.isEmpty()
                  ? "c.subject_type = :type AND"
                  : "c.subject_type = :type AND substr(c.subject, 1, length(:name)) = :name AND";
          case Target.Everything() -> "";
        };
    var query =
        handle
            .createQuery(
                """
                SELECT %s FROM change c WHERE %s c.seq < :before AND c.seq > :after
                ORDER BY c.seq DESC LIMIT :limit
                """
                    .formatted(ChangeRow.COLUMNS, where))
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
    return query.map(new ChangeRow()).list();
  }
}
