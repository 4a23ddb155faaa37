package dev.troth.server.registry;

import dev.troth.server.http.Json;
import dev.troth.server.registry.schema.Page;
import dev.troth.server.registry.schema.Prints;
import dev.troth.server.registry.schema.SubjectName;
import dev.troth.server.registry.schema.Submission;
import dev.troth.server.registry.schema.Submission.Reference;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jdbi.v3.core.Handle;

/** Schemas, the ids that they have in contexts, and what they refer to, in SQL. */
final class SchemaStore {
  /** The id of a schema in a context, which it gets now unless it has one. */
  static long idRow(Handle handle, String context, long row, OptionalInt id) {
    return handle
        .createQuery(
            """
            INSERT INTO registry_id (context, id, schema_id)
            SELECT ?, coalesce(CAST(? AS BIGINT),
              (SELECT coalesce(max(id), 0) + 1 FROM registry_id WHERE context = ?)), ?
            WHERE NOT EXISTS (SELECT 1 FROM registry_id WHERE context = ? AND schema_id = ?)
            RETURNING id
            """)
        .bind(0, context)
        .bind(1, id.isPresent() ? id.getAsInt() : null)
        .bind(2, context)
        .bind(3, row)
        .bind(4, context)
        .bind(5, row)
        .mapTo(Long.class)
        .findOne()
        .orElseGet(() ->
            handle
                .createQuery("SELECT id FROM registry_id WHERE context = ? AND schema_id = ?")
                .bind(0, context)
                .bind(1, row)
                .mapTo(Long.class)
                .one());
  }

  /** The row of a schema, which is written unless it is there. */
  static long schemaRow(Handle handle, Submission schema, Prints prints) {
    String fingerprint = prints.fingerprint();
    Optional<Long> added =
        handle
            .createQuery(
                """
                INSERT INTO registry_schema
                  (id, fingerprint, content, kind, text, refs, metadata, rule_set, guid, meaning)
                SELECT (SELECT coalesce(max(id), 0) + 1 FROM registry_schema), ?, ?, ?, ?, ?, ?, ?, ?, ?
                WHERE NOT EXISTS (SELECT 1 FROM registry_schema WHERE fingerprint = ?)
                RETURNING id
                """)
            .bind(0, fingerprint)
            .bind(1, prints.content())
            .bind(2, schema.kind().name())
            .bind(3, schema.text())
            .bind(4, Json.mapper().writeValueAsString(schema.references()))
            .bind(5, schema.metadata())
            .bind(6, schema.ruleSet())
            .bind(7, prints.guid())
            .bind(8, prints.meaning())
            .bind(9, fingerprint)
            .mapTo(Long.class)
            .findOne();
    if (added.isPresent()) {
      addReferences(handle, added.get(), schema);
      return added.get();
    }
    record Known(long row, boolean isEmptied) {}
    Known known =
        handle
            .createQuery(
                """
                SELECT id, CASE WHEN text = '' THEN 1 ELSE 0 END
                FROM registry_schema WHERE fingerprint = ?
                """)
            .bind(0, fingerprint)
            .map((row, context) -> new Known(row.getLong(1), row.getInt(2) != 0))
            .one();
    if (known.isEmptied()) {
      handle.execute(
          "UPDATE registry_schema SET text = ?, refs = ?, metadata = ?, rule_set = ? WHERE id = ?",
          schema.text(),
          Json.mapper().writeValueAsString(schema.references()),
          schema.metadata(),
          schema.ruleSet(),
          known.row());
      addReferences(handle, known.row(), schema);
    }
    return known.row();
  }

  private static void addReferences(Handle handle, long row, Submission schema) {
    for (Reference reference : schema.references()) {
      handle.execute(
          "INSERT INTO registry_reference (schema_id, name, subject, version) VALUES (?, ?, ?, ?)",
          row,
          reference.name(),
          reference.subject(),
          reference.version());
    }
  }

  /**
   * Empties the schemas that no version has but those of a subject from one number to another,
   * which are about to be deleted for good. The rows stay without what was registered: no id comes
   * again, and the same schema gets its old one.
   */
  void empty(Handle handle, SubjectName subject, int from, int to) {
    String emptied =
        """
        (SELECT v.schema_id FROM registry_version v
        WHERE v.subject = ? AND v.version BETWEEN ? AND ? AND NOT EXISTS (
          SELECT 1 FROM registry_version o WHERE o.schema_id = v.schema_id
          AND (o.subject <> v.subject OR o.version NOT BETWEEN ? AND ?)))
        """;
    for (String statement :
        List.of(
            "DELETE FROM registry_reference WHERE schema_id IN ",
            "UPDATE registry_schema SET text = '', refs = '[]', metadata = '', rule_set = '' WHERE id IN ")) {
      handle.execute(statement + emptied, subject.qualified(), from, to, from, to);
    }
  }

  /** An id and the context that it counts in. */
  record Numbered(String context, int id) {}

  /** The ids of a schema that has versions, by their contexts. */
  List<Numbered> idsOfGuid(Handle handle, String guid) {
    return handle
        .createQuery(
            """
            SELECT DISTINCT i.context, i.id FROM registry_version v
            JOIN registry_id i ON i.context = v.context AND i.schema_id = v.schema_id
            WHERE v.schema_id IN (
              SELECT same.id FROM registry_schema same WHERE same.guid = ?)
            ORDER BY i.context, i.id LIMIT ?
            """)
        .bind(0, guid)
        .bind(1, Page.LONGEST)
        .map((row, at) -> new Numbered(row.getString(1), row.getInt(2)))
        .list();
  }

  /** A context that has an id, the default one first. */
  Optional<String> contextOf(Handle handle, int id) {
    return handle
        .createQuery(
            """
            SELECT i.context FROM registry_id i
            WHERE i.id = ? AND EXISTS (
              SELECT 1 FROM registry_version v
              WHERE v.context = i.context AND v.schema_id = i.schema_id)
            ORDER BY i.context LIMIT 1
            """)
        .bind(0, id)
        .mapTo(String.class)
        .findOne();
  }

  /** The id that a schema has in a context. */
  OptionalInt idOf(Handle handle, String context, String fingerprint) {
    return handle
        .createQuery(
            """
            SELECT i.id FROM registry_id i JOIN registry_schema s ON s.id = i.schema_id
            WHERE i.context = ? AND s.fingerprint = ?
            """)
        .bind(0, context)
        .bind(1, fingerprint)
        .mapTo(Integer.class)
        .findOne()
        .map(OptionalInt::of)
        .orElse(OptionalInt.empty());
  }

  /** The content that has an id in a context. */
  Optional<String> fingerprintOf(Handle handle, String context, int id) {
    return handle
        .createQuery(
            """
            SELECT s.fingerprint FROM registry_id i JOIN registry_schema s ON s.id = i.schema_id
            WHERE i.context = ? AND i.id = ?
            """)
        .bind(0, context)
        .bind(1, id)
        .mapTo(String.class)
        .findOne();
  }

  /** The highest id of a context; 0 for none. */
  int lastId(Handle handle, String context) {
    return handle
        .createQuery("SELECT coalesce(max(id), 0) FROM registry_id WHERE context = ?")
        .bind(0, context)
        .mapTo(Integer.class)
        .one();
  }

  /** The ids of the schemas that refer to a version and are in use themselves. */
  List<Integer> referrers(Handle handle, SubjectName subject, int version) {
    return handle
        .createQuery(
            """
            SELECT DISTINCT i.id FROM registry_reference r
            JOIN registry_version v ON v.schema_id = r.schema_id AND v.deleted = 0
            JOIN registry_id i ON i.context = v.context AND i.schema_id = v.schema_id
            WHERE r.version = ? AND (r.subject = ? OR (r.subject = ? AND v.context = ?))
            ORDER BY i.id
            """)
        .bind(0, version)
        .bind(1, subject.absolute())
        .bind(2, subject.name())
        .bind(3, subject.context())
        .mapTo(Integer.class)
        .list();
  }

  /** The versions of a subject that some schema refers to, in use or not. */
  List<Integer> referred(Handle handle, SubjectName subject) {
    return handle
        .createQuery(
            "SELECT DISTINCT version FROM registry_reference WHERE subject IN (?, ?) ORDER BY version")
        .bind(0, subject.absolute())
        .bind(1, subject.name())
        .mapTo(Integer.class)
        .list();
  }
}
