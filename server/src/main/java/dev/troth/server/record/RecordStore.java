package dev.troth.server.record;

import dev.troth.server.change.ChangeJson;
import dev.troth.server.change.Trim;
import dev.troth.server.statement.Statements;
import dev.troth.server.statement.Weighed;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Records in SQL; each write appends its change in the same transaction. */
public final class RecordStore implements Trim {
  /** Ids that clients may choose: numbers that JavaScript holds, with room for more behind them. */
  private static final long MOST_CHOSEN = 1_000_000_000_000_000L;

  private static final String SELECT =
      """
      SELECT r.id, r.name, r.value, r.fields, coalesce(s.version, 0)
      FROM record r LEFT JOIN subject s ON s.name = 'record/' || r.id
      """;
  private static final String ONE = SELECT + "WHERE r.id = ?";
  private static final String NO_FIELDS = ChangeJson.write(Fields.none());

  private final ChangeLog<Handle> changes;

  public RecordStore(ChangeLog<Handle> changes) {
    this.changes = changes;
  }

  /**
   * What a record holds.
   *
   * @param more fields beside name and value
   */
  public record Contents(String name, String value, Fields more) {
    private static final int LONGEST = 64 * 1024;

    public Contents {
      requireShort("name", name);
      requireShort("value", value);
      requireShort("the JSON of fields", json(more));
      if (name.isBlank()) {
        throw new IllegalArgumentException("name is '" + name + "', expected a text");
      }
      if (more.values().containsKey("name") || more.values().containsKey("value")) {
        throw new IllegalArgumentException(
            "fields have a name or value, expected those beside the fields");
      }
    }

    private static void requireShort(String field, String text) {
      if (text.length() > LONGEST) {
        throw new IllegalArgumentException(
            "%s has %d characters, expected at most %d".formatted(field, text.length(), LONGEST));
      }
    }

    /** How many characters they have. */
    long length() {
      return name.length() + value.length() + Weighed.length(more.values());
    }

    private static String json(Fields more) {
      return more.isEmpty() ? NO_FIELDS : ChangeJson.write(more);
    }

    /** All fields as a change shows them. */
    Fields fields() {
      SequencedMap<String, @Nullable Object> all = new LinkedHashMap<>();
      all.put("name", name);
      all.put("value", value);
      all.putAll(more.values());
      return new Fields(all);
    }
  }

  /**
   * A record as it stands.
   *
   * @param version its count of changes, 0 when it never changed
   */
  public record StoredRecord(long id, Contents contents, long version) {
    Subject subject() {
      return Records.subjectOf(id);
    }
  }

  Optional<StoredRecord> find(Handle handle, long id) {
    return Statements.of(handle).first(ONE, RecordStore::record, id);
  }

  /** Records after an id, by rising id. */
  Weighed<StoredRecord> after(Handle handle, long id, int limit) {
    return Weighed.of(
        handle
            .createQuery(SELECT + "WHERE r.id > ? ORDER BY r.id LIMIT ?")
            .bind(0, id)
            .bind(1, limit),
        (row, context) -> record(row),
        record -> record.contents().length());
  }

  private static StoredRecord record(ResultSet row) throws SQLException {
    String more = row.getString(4);
    Fields fields = more.equals(NO_FIELDS) ? Fields.none() : Fields.of(ChangeJson.readFields(more));
    return new StoredRecord(
        row.getLong(1), new Contents(row.getString(2), row.getString(3), fields), row.getLong(5));
  }

  /** Adds a record under an id that no record ever had. */
  StoredRecord add(Handle handle, Contents contents, String actor) {
    return put(handle, greatest(handle) + 1, Optional.empty(), contents, actor);
  }

  private static long greatest(Handle handle) {
    return Statements.of(handle).one("SELECT greatest FROM record_id", row -> row.getLong(1));
  }

  private static void requireId(Handle handle, long id) {
    long most = Math.max(MOST_CHOSEN, greatest(handle) + 1);
    if (id < 1 || id > most) {
      throw new IllegalArgumentException("id is %d, expected 1 to %d".formatted(id, most));
    }
  }

  /**
   * Writes a record whole, whether it was there or not. The same contents again are no change.
   *
   * @param before the record as it stands
   * @throws IllegalArgumentException for an id beyond those that clients may choose
   */
  StoredRecord put(
      Handle handle, long id, Optional<StoredRecord> before, Contents contents, String actor) {
    if (before.isPresent() && before.get().contents().equals(contents)) {
      return before.get();
    }
    Statements statements = Statements.of(handle);
    if (before.isEmpty()) {
      requireId(handle, id);
      int _ = statements.execute("UPDATE record_id SET greatest = ? WHERE greatest < ?", id, id);
    }
    int _ =
        statements.execute(
            """
            INSERT INTO record (id, name, value, fields) VALUES (?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE
            SET name = excluded.name, value = excluded.value, fields = excluded.fields
            """,
            id,
            contents.name(),
            contents.value(),
            Contents.json(contents.more()));
    String type = before.isEmpty() ? "record.created" : "record.updated";
    Fields old = before.map(record -> record.contents().fields()).orElse(Fields.none());
    Change change =
        changes.append(
            handle,
            NewChange.of(Records.subjectOf(id), type, actor).before(old).after(contents.fields()));
    return new StoredRecord(id, contents, change.version());
  }

  void delete(Handle handle, StoredRecord record, String actor) {
    handle.execute("DELETE FROM record WHERE id = ?", record.id());
    changes.append(
        handle,
        NewChange.of(record.subject(), "record.deleted", actor).before(record.contents().fields()));
  }

  /** A record that stands keeps its versions, however long ago its last change was. */
  @Override
  public boolean keeps(Handle handle, Subject subject) {
    return subject.type().equals("record")
        && subject.id().matches("[1-9][0-9]{0,17}")
        && find(handle, Long.parseLong(subject.id())).isPresent();
  }
}
