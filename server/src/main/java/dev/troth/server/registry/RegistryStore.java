package dev.troth.server.registry;

import dev.troth.server.http.Json;
import dev.troth.server.registry.Submission.Kind;
import dev.troth.server.registry.Submission.Reference;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import tools.jackson.core.type.TypeReference;

/** Schemas, versions and levels in SQL. */
final class RegistryStore {
  /** Where the level of all subjects without one of their own stands. */
  static final String EVERYWHERE = "";

  private static final TypeReference<List<Reference>> REFERENCES = new TypeReference<>() {};
  private static final String SELECT =
      """
      SELECT v.subject, v.version, s.id, s.kind, s.text, s.refs, s.metadata, s.rule_set
      FROM registry_version v JOIN registry_schema s ON s.id = v.schema_id
      """;
  private static final RowMapper<Registered> ROW =
      (row, context) ->
          new Registered(
              row.getString(1),
              row.getInt(2),
              row.getInt(3),
              new Submission(
                  Kind.valueOf(row.getString(4)),
                  row.getString(5),
                  Json.mapper().readValue(row.getString(6), REFERENCES),
                  row.getString(7),
                  row.getString(8)));

  /** One version of a registry subject. */
  record Registered(String subject, int version, int id, Submission schema) {}

  List<String> subjects(Handle handle, String prefix) {
    return handle
        .createQuery(
            "SELECT DISTINCT subject FROM registry_version WHERE substr(subject, 1, ?) = ?"
                + " ORDER BY subject")
        .bind(0, prefix.length())
        .bind(1, prefix)
        .mapTo(String.class)
        .list();
  }

  /** All versions of a subject, oldest first. */
  List<Registered> versions(Handle handle, String subject) {
    return handle
        .createQuery(SELECT + "WHERE v.subject = ? ORDER BY v.version")
        .bind(0, subject)
        .map(ROW)
        .list();
  }

  Optional<Registered> version(Handle handle, String subject, int version) {
    return handle
        .createQuery(SELECT + "WHERE v.subject = ? AND v.version = ?")
        .bind(0, subject)
        .bind(1, version)
        .map(ROW)
        .findOne();
  }

  /** All versions that have a schema; the first says what it is. */
  List<Registered> ofSchema(Handle handle, int id) {
    return handle
        .createQuery(SELECT + "WHERE s.id = ? ORDER BY v.subject, v.version")
        .bind(0, id)
        .map(ROW)
        .list();
  }

  /**
   * The version of a subject that has a schema, the newest if there are several. A serializer sends
   * the schema alone and means whatever stands beside it.
   */
  Optional<Registered> withSchema(Handle handle, String subject, Submission schema) {
    String column = schema.isPlain() ? "content" : "fingerprint";
    return handle
        .createQuery(
            SELECT
                + "WHERE v.subject = ? AND s.%s = ? ORDER BY v.version DESC LIMIT 1"
                    .formatted(column))
        .bind(0, subject)
        .bind(1, schema.isPlain() ? schema.content() : schema.fingerprint())
        .map(ROW)
        .findOne();
  }

  /** Adds the next version of a subject; one content has one id in all subjects. */
  Registered add(Handle handle, String subject, int version, Submission schema) {
    String fingerprint = schema.fingerprint();
    handle.execute(
        """
        INSERT INTO registry_schema (id, fingerprint, content, kind, text, refs, metadata, rule_set)
        SELECT (SELECT coalesce(max(id), 0) + 1 FROM registry_schema), ?, ?, ?, ?, ?, ?, ?
        WHERE NOT EXISTS (SELECT 1 FROM registry_schema WHERE fingerprint = ?)
        """,
        fingerprint,
        schema.content(),
        schema.kind().name(),
        schema.text(),
        Json.mapper().writeValueAsString(schema.references()),
        schema.metadata(),
        schema.ruleSet(),
        fingerprint);
    handle.execute(
        """
        INSERT INTO registry_version (subject, version, schema_id)
        SELECT ?, ?, id FROM registry_schema WHERE fingerprint = ?
        """,
        subject,
        version,
        fingerprint);
    return version(handle, subject, version).orElseThrow();
  }

  Optional<String> level(Handle handle, String subject) {
    return handle
        .createQuery("SELECT level FROM registry_config WHERE subject = ?")
        .bind(0, subject)
        .mapTo(String.class)
        .findOne();
  }

  void level(Handle handle, String subject, String level) {
    handle.execute(
        """
        INSERT INTO registry_config (subject, level) VALUES (?, ?)
        ON CONFLICT (subject) DO UPDATE SET level = excluded.level
        """,
        subject,
        level);
  }

  void removeLevel(Handle handle, String subject) {
    handle.execute("DELETE FROM registry_config WHERE subject = ?", subject);
  }
}
