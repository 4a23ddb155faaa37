package dev.troth.server.registry;

import dev.troth.server.http.Json;
import dev.troth.server.registry.schema.Deleted;
import dev.troth.server.registry.schema.Page;
import dev.troth.server.registry.schema.Prints;
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

/** Versions and the schemas that they have, in SQL. */
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
            WHERE i.context = ? AND i.id = ?
            """
                + " AND "
                + deleted.condition()
                + " ORDER BY v.subject, v.version LIMIT ? OFFSET ?")
        .bind(0, context)
        .bind(1, id)
        .bind(2, page.limit())
        .bind(3, page.offset())
        .map((row, at) -> new Place(SubjectName.of(row.getString(1)), row.getInt(2)))
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

  /** A schema that is to be written. */
  record Printed(Submission schema, Prints prints) {
    static Printed of(Submission schema) {
      return new Printed(schema, Prints.of(schema));
    }
  }

  /**
   * Adds a version of a subject; one content has one id in its context.
   *
   * @param id the one that it has elsewhere, or none
   */
  Registered add(Handle handle, SubjectName subject, int version, Printed schema, OptionalInt id) {
    long row = SchemaStore.schemaRow(handle, schema.schema(), schema.prints());
    String context = subject.context();
    long given = SchemaStore.idRow(handle, context, row, id);
    if (given > Integer.MAX_VALUE) {
      throw RegistryException.notPermitted("the context has no more ids to give");
    }
    handle.execute(
        "INSERT INTO registry_version (subject, version, schema_id, context) VALUES (?, ?, ?, ?)",
        subject.qualified(),
        version,
        row,
        context);
    return new Registered(
        subject, version, (int) given, schema.prints().guid(), schema.schema(), false);
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
