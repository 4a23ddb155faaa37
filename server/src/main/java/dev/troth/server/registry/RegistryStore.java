package dev.troth.server.registry;

import dev.troth.server.http.Json;
import dev.troth.server.registry.schema.Deleted;
import dev.troth.server.registry.schema.Page;
import dev.troth.server.registry.schema.Registered;
import dev.troth.server.registry.schema.RegistryException;
import dev.troth.server.registry.schema.SubjectName;
import dev.troth.server.registry.schema.Submission;
import dev.troth.server.registry.schema.Submission.Kind;
import dev.troth.server.registry.schema.Submission.Reference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import tools.jackson.core.type.TypeReference;

/** Schemas and versions in SQL. */
final class RegistryStore {
  private static final TypeReference<List<Reference>> REFERENCES = new TypeReference<>() {};

  /** Texts may have a megabyte each. */
  private static final int ROWS_AT_A_TIME = 10;

  private static final long CHARACTERS_AT_A_TIME = 4 << 20;
  private static final long CHARACTERS_TOGETHER = 16 << 20;

  private static final String SELECT =
      """
      SELECT v.subject, v.version, i.id, s.guid, s.kind, s.text, s.refs, s.metadata, s.rule_set, v.deleted
      FROM registry_version v
      JOIN registry_schema s ON s.id = v.schema_id
      JOIN registry_id i ON i.context = v.context AND i.schema_id = v.schema_id
      """;

  /** From the schema to the versions: a subject may have ten thousand. */
  private static final String WITH_SCHEMA =
      """
      WHERE v.subject = ? AND v.schema_id IN (
        SELECT same.id FROM registry_schema same WHERE same.%s = ?) AND
      """;

  private static final RowMapper<Registered> ROW =
      (row, context) ->
          new Registered(
              SubjectName.of(row.getString(1)),
              row.getInt(2),
              row.getInt(3),
              row.getString(4),
              new Submission(
                  Kind.valueOf(row.getString(5)),
                  row.getString(6),
                  Json.mapper().readValue(row.getString(7), REFERENCES),
                  row.getString(8),
                  row.getString(9)),
              row.getInt(10) != 0);

  /** The numbers of a subject's versions, lowest first. */
  List<Integer> numbers(Handle handle, SubjectName subject, Deleted deleted, Page page) {
    return handle
        .createQuery(
            "SELECT v.version FROM registry_version v WHERE v.subject = ? AND "
                + deleted.condition()
                + " ORDER BY v.version LIMIT ? OFFSET ?")
        .bind(0, subject.qualified())
        .bind(1, page.limit())
        .bind(2, page.offset())
        .mapTo(Integer.class)
        .list();
  }

  Optional<Registered> version(Handle handle, SubjectName subject, int version, Deleted deleted) {
    return handle
        .createQuery(SELECT + "WHERE v.subject = ? AND v.version = ? AND " + deleted.condition())
        .bind(0, subject.qualified())
        .bind(1, version)
        .map(ROW)
        .findOne();
  }

  /** The version with the highest number. */
  Optional<Registered> latest(Handle handle, SubjectName subject, Deleted deleted) {
    return handle
        .createQuery(
            SELECT
                + "WHERE v.subject = ? AND "
                + deleted.condition()
                + " ORDER BY v.version DESC LIMIT 1")
        .bind(0, subject.qualified())
        .map(ROW)
        .findOne();
  }

  /** Versions that count from a number on, lowest first; fewer where their texts are long. */
  List<Registered> from(Handle handle, SubjectName subject, int version, int limit) {
    try (Stream<Registered> rows =
        handle
            .createQuery(
                SELECT
                    + "WHERE v.subject = ? AND v.version >= ? AND v.deleted = 0 ORDER BY v.version"
                    + " LIMIT ?")
            .setFetchSize(ROWS_AT_A_TIME)
            .bind(0, subject.qualified())
            .bind(1, version)
            .bind(2, limit)
            .map(ROW)
            .stream()) {
      return held(rows.iterator(), CHARACTERS_AT_A_TIME);
    }
  }

  /** The newest versions that count, lowest first; fewer where their texts are long. */
  List<Registered> newest(Handle handle, SubjectName subject, int limit) {
    try (Stream<Registered> rows =
        handle
            .createQuery(
                SELECT + "WHERE v.subject = ? AND v.deleted = 0 ORDER BY v.version DESC LIMIT ?")
            .setFetchSize(ROWS_AT_A_TIME)
            .bind(0, subject.qualified())
            .bind(1, limit)
            .map(ROW)
            .stream()) {
      return held(rows.iterator(), CHARACTERS_TOGETHER).reversed();
    }
  }

  /** As many as may be in memory together, at least one. */
  private static List<Registered> held(Iterator<Registered> rows, long most) {
    List<Registered> held = new ArrayList<>();
    long characters = 0;
    while (characters < most && rows.hasNext()) {
      Registered next = rows.next();
      characters += next.schema().text().length() + next.schema().metadata().length();
      held.add(next);
    }
    return held;
  }

  /** The newest version of a subject that has metadata which are looked for. */
  Optional<Registered> withMetadata(
      Handle handle, SubjectName subject, Deleted deleted, Predicate<Registered> wanted) {
    try (Stream<Registered> rows =
        handle
            .createQuery(
                SELECT
                    + "WHERE v.subject = ? AND s.metadata <> '' AND "
                    + deleted.condition()
                    + " ORDER BY v.version DESC")
            .setFetchSize(ROWS_AT_A_TIME)
            .bind(0, subject.qualified())
            .map(ROW)
            .stream()) {
      return rows.filter(wanted).findFirst();
    }
  }

  /** Where a schema is, without what it says. */
  record Place(SubjectName subject, int version) {}

  /** The versions that have the schema of an id. */
  List<Place> places(Handle handle, String context, int id, Deleted deleted, Page page) {
    return handle
        .createQuery(
            """
            SELECT v.subject, v.version FROM registry_id i
            JOIN registry_version v ON v.schema_id = i.schema_id AND v.context = i.context
            WHERE i.context = ? AND i.id = ? AND\s\
            """
                + deleted.condition()
                + " ORDER BY v.subject, v.version LIMIT ? OFFSET ?")
        .bind(0, context)
        .bind(1, id)
        .bind(2, page.limit())
        .bind(3, page.offset())
        .map((row, at) -> new Place(SubjectName.of(row.getString(1)), row.getInt(2)))
        .list();
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

  /** The first versions that have a schema; the first of them says what it is. */
  List<Registered> ofId(Handle handle, String context, int id, int limit) {
    return handle
        .createQuery(
            SELECT + "WHERE i.context = ? AND i.id = ? ORDER BY v.subject, v.version LIMIT ?")
        .bind(0, context)
        .bind(1, id)
        .bind(2, limit)
        .map(ROW)
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

  /** The first version that has a schema, whatever its context. */
  Optional<Registered> ofGuid(Handle handle, String guid) {
    return handle
        .createQuery(
            SELECT
                + """
                WHERE v.schema_id = (
                  SELECT min(same.id) FROM registry_schema same WHERE same.guid = ? AND EXISTS (
                    SELECT 1 FROM registry_version u WHERE u.schema_id = same.id))
                ORDER BY v.subject, v.version LIMIT 1
                """)
        .bind(0, guid)
        .map(ROW)
        .findOne();
  }

  /**
   * The version of a subject that has a schema, the newest if there are several. A serializer sends
   * the schema alone and means whatever stands beside it.
   */
  Optional<Registered> withSchema(
      Handle handle, SubjectName subject, Submission schema, Deleted deleted) {
    String column = schema.isPlain() ? "content" : "fingerprint";
    return handle
        .createQuery(
            SELECT
                + WITH_SCHEMA.formatted(column)
                + deleted.condition()
                + " ORDER BY v.version DESC LIMIT 1")
        .bind(0, subject.qualified())
        .bind(1, schema.isPlain() ? schema.content() : schema.fingerprint())
        .map(ROW)
        .findOne();
  }

  /**
   * The newest version of a subject that says the same as a schema, whatever the order of its
   * members.
   */
  Optional<Registered> withMeaning(
      Handle handle, SubjectName subject, Submission schema, Deleted deleted) {
    String content = schema.normalized().content();
    String select = SELECT + WITH_SCHEMA.formatted("meaning") + deleted.condition();
    Optional<Registered> found =
        handle
            .createQuery(select + " ORDER BY v.version DESC LIMIT 1")
            .bind(0, subject.qualified())
            .bind(1, content)
            .map(ROW)
            .findOne();
    if (found.isPresent()) {
      return found;
    }
    // Of what is older than the column, the meaning is found out here.
    return handle
        .createQuery(select + " ORDER BY v.version DESC")
        .bind(0, subject.qualified())
        .bind(1, "")
        .map(ROW)
        .stream()
        .filter(one -> one.schema().normalized().content().equals(content))
        .findFirst();
  }

  /**
   * Adds a version of a subject; one content has one id in its context.
   *
   * @param id the one that it has elsewhere, or none
   */
  Registered add(
      Handle handle, SubjectName subject, int version, Submission schema, OptionalInt id) {
    long row = schemaRow(handle, schema);
    String context = subject.context();
    long given = idRow(handle, context, row, id);
    if (given > Integer.MAX_VALUE) {
      throw RegistryException.notPermitted("the context has no more ids to give");
    }
    handle.execute(
        "INSERT INTO registry_version (subject, version, schema_id, context) VALUES (?, ?, ?, ?)",
        subject.qualified(),
        version,
        row,
        context);
    return new Registered(subject, version, (int) given, schema.guid(), schema, false);
  }

  /** The id of a schema in a context, which it gets now unless it has one. */
  private static long idRow(Handle handle, String context, long row, OptionalInt id) {
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

  private static long schemaRow(Handle handle, Submission schema) {
    String fingerprint = schema.fingerprint();
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
            .bind(1, schema.content())
            .bind(2, schema.kind().name())
            .bind(3, schema.text())
            .bind(4, Json.mapper().writeValueAsString(schema.references()))
            .bind(5, schema.metadata())
            .bind(6, schema.ruleSet())
            .bind(7, schema.guid())
            .bind(8, schema.normalized().content())
            .bind(9, fingerprint)
            .mapTo(Long.class)
            .findOne();
    if (added.isEmpty()) {
      return handle
          .createQuery("SELECT id FROM registry_schema WHERE fingerprint = ?")
          .bind(0, fingerprint)
          .mapTo(Long.class)
          .one();
    }
    long row = added.get();
    for (Reference reference : schema.references()) {
      handle.execute(
          "INSERT INTO registry_reference (schema_id, name, subject, version) VALUES (?, ?, ?, ?)",
          row,
          reference.name(),
          reference.subject(),
          reference.version());
    }
    return row;
  }

  /** The id that a schema has in a context. */
  OptionalInt idOf(Handle handle, String context, Submission schema) {
    return handle
        .createQuery(
            """
            SELECT i.id FROM registry_id i JOIN registry_schema s ON s.id = i.schema_id
            WHERE i.context = ? AND s.fingerprint = ?
            """)
        .bind(0, context)
        .bind(1, schema.fingerprint())
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

  /** Marks all versions of a subject as deleted, or takes them out for good. */
  void deleteAll(Handle handle, SubjectName subject, boolean forGood) {
    handle.execute(
        forGood
            ? "DELETE FROM registry_version WHERE subject = ?"
            : "UPDATE registry_version SET deleted = 1 WHERE subject = ? AND deleted = 0",
        subject.qualified());
  }

  /** Marks a version as deleted, or takes it out for good. */
  void delete(Handle handle, SubjectName subject, int version, boolean forGood) {
    handle.execute(
        (forGood ? "DELETE FROM registry_version" : "UPDATE registry_version SET deleted = 1")
            + " WHERE subject = ? AND version = ?",
        subject.qualified(),
        version);
  }
}
