package dev.troth.server.source;

import dev.troth.server.change.ChangeJson;
import dev.troth.server.http.Json;
import dev.troth.server.source.SourceSettings.HookSettings;
import dev.troth.server.source.StoredSource.Counts;
import dev.troth.server.source.StoredSource.Health;
import dev.troth.server.source.StoredSource.State;
import dev.troth.server.source.StreamSettings.FolderSettings;
import dev.troth.server.source.StreamSettings.PostgresSettings;
import dev.troth.server.source.StreamSettings.QueueSettings;
import dev.troth.server.source.StreamSettings.SqliteSettings;
import dev.troth.watch.change.Fields;
import dev.troth.watch.source.Observation.Validators;
import dev.troth.watch.source.Sight;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Sources in SQL. */
final class SourceStore {
  private static final String SELECT =
      """
      SELECT id, name, settings, state, sight, due, looked_at, failures, error, error_at, last_seq,
        created_at, kind, coalesce(changes, 0), coalesce(errors, 0)
      FROM source LEFT JOIN source_count ON source_id = id
      """;
  private static final int LONGEST_ERROR = 500;

  private static final RowMapper<StoredSource> ROW =
      (row, context) -> {
        Seen seen = Json.mapper().readValue(row.getString(5), Seen.class);
        return new StoredSource(
            row.getLong(1),
            row.getString(2),
            Json.mapper().readValue(row.getString(3), settings(row.getString(13))),
            State.valueOf(row.getString(4)),
            new Sight(seen.state(), new Fields(ChangeJson.readFields(seen.fields()))),
            new Validators(seen.etag(), seen.lastModified()),
            Instant.ofEpochMilli(row.getLong(6)),
            new Health(
                Instant.ofEpochMilli(row.getLong(7)),
                row.getInt(8),
                row.getString(9),
                Instant.ofEpochMilli(row.getLong(10)),
                row.getLong(11)),
            Instant.ofEpochMilli(row.getLong(12)),
            new Counts(row.getLong(14), row.getLong(15)));
      };

  private static Class<? extends SourceSettings> settings(String kind) {
    return switch (kind) {
      case "http" -> HttpSettings.class;
      case "webhook" -> HookSettings.class;
      case "postgresql" -> PostgresSettings.class;
      case "sqlite" -> SqliteSettings.class;
      case "rabbitmq" -> QueueSettings.class;
      case "files" -> FolderSettings.class;
      default -> throw new IllegalStateException("a source of kind %s is stored".formatted(kind));
    };
  }

  /**
   * What is known of the thing, as it is stored.
   *
   * @param fields as JSON, so that numbers stay as they were written
   */
  private record Seen(Sight.State state, String fields, String etag, String lastModified) {
    static String of(Sight sight, Validators known) {
      return Json.mapper()
          .writeValueAsString(
              new Seen(
                  sight.state(),
                  ChangeJson.write(sight.fields()),
                  known.etag(),
                  known.lastModified()));
    }
  }

  List<StoredSource> all(Handle handle) {
    return handle.createQuery(SELECT + "ORDER BY name").map(ROW).list();
  }

  int count(Handle handle) {
    return handle.createQuery("SELECT count(*) FROM source").mapTo(Integer.class).one();
  }

  Optional<StoredSource> find(Handle handle, String name) {
    return handle.createQuery(SELECT + "WHERE name = ?").bind(0, name).map(ROW).findOne();
  }

  Optional<StoredSource> find(Handle handle, long id) {
    return handle.createQuery(SELECT + "WHERE id = ?").bind(0, id).map(ROW).findOne();
  }

  /** Active ones that are due, the longest due first. */
  List<StoredSource> due(Handle handle, Instant now, int limit) {
    return handle
        .createQuery(
            SELECT
                + "WHERE kind = 'http' AND state = 'ACTIVE' AND due <= ? ORDER BY due, id LIMIT ?")
        .bind(0, now.toEpochMilli())
        .bind(1, limit)
        .map(ROW)
        .list();
  }

  /** All that stream, whether they rest or not. */
  List<StoredSource> streams(Handle handle) {
    return handle
        .createQuery(SELECT + "WHERE kind NOT IN ('http', 'webhook') ORDER BY id")
        .map(ROW)
        .list();
  }

  StoredSource add(Handle handle, String name, SourceSettings settings, Instant now) {
    handle.execute(
        """
        INSERT INTO source (name, kind, settings, state, sight, due, looked_at, created_at)
        VALUES (?, ?, ?, 'ACTIVE', ?, ?, 0, ?)
        """,
        name,
        settings.kind(),
        Json.mapper().writeValueAsString(settings),
        Seen.of(Sight.NEVER, Validators.NONE),
        now.toEpochMilli(),
        now.toEpochMilli());
    return find(handle, name).orElseThrow();
  }

  /** Counts what became of a source. */
  void counted(Handle handle, long source, int changes, int errors) {
    handle.execute(
        """
        INSERT INTO source_count (source_id, changes, errors) VALUES (?, ?, ?)
        ON CONFLICT (source_id) DO UPDATE SET changes = source_count.changes + excluded.changes,
          errors = source_count.errors + excluded.errors
        """,
        source,
        changes,
        errors);
  }

  /** Writes down how a stream fares. */
  void fared(Handle handle, StoredSource source, Instant due, Health health) {
    looked(handle, source, source.sight(), source.known(), due, health);
  }

  /** Writes down what a look came to. */
  void looked(
      Handle handle,
      StoredSource source,
      Sight sight,
      Validators known,
      Instant due,
      Health health) {
    String error = health.error();
    handle.execute(
        """
        UPDATE source SET sight = ?, due = ?, looked_at = ?, failures = ?, error = ?, error_at = ?,
          last_seq = ?
        WHERE id = ?
        """,
        Seen.of(sight, known),
        due.toEpochMilli(),
        health.lookedAt().toEpochMilli(),
        health.failures(),
        error.length() > LONGEST_ERROR ? error.substring(0, LONGEST_ERROR) : error,
        health.errorAt().toEpochMilli(),
        health.lastSeq(),
        source.id());
  }

  /**
   * Writes down that something came in.
   *
   * @param seq its change; 0 if it had come before
   */
  void received(Handle handle, StoredSource source, Instant now, long seq) {
    handle.execute(
        "UPDATE source SET looked_at = ?, last_seq = CASE ? WHEN 0 THEN last_seq ELSE ? END"
            + " WHERE id = ?",
        now.toEpochMilli(),
        seq,
        seq,
        source.id());
    counted(handle, source.id(), seq == 0 ? 0 : 1, 0);
  }

  /** Changes how it is read. */
  void settle(Handle handle, StoredSource source, SourceSettings settings) {
    handle.execute(
        "UPDATE source SET settings = ? WHERE id = ?",
        Json.mapper().writeValueAsString(settings),
        source.id());
  }

  void set(Handle handle, StoredSource source, State state, Instant due) {
    handle.execute(
        "UPDATE source SET state = ?, due = ?, failures = 0, error = '', error_at = 0 WHERE id = ?",
        state.name(),
        due.toEpochMilli(),
        source.id());
  }

  void delete(Handle handle, StoredSource source) {
    handle.execute("DELETE FROM source WHERE id = ?", source.id());
    handle.execute("DELETE FROM source_count WHERE source_id = ?", source.id());
  }
}
