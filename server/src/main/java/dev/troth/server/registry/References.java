package dev.troth.server.registry;

import dev.troth.json.Json;
import dev.troth.json.JsonException;
import dev.troth.json.JsonReader;
import dev.troth.server.db.Database;
import dev.troth.server.registry.schema.Deleted;
import dev.troth.server.registry.schema.Registered;
import dev.troth.server.registry.schema.RegistryException;
import dev.troth.server.registry.schema.StoredContract;
import dev.troth.server.registry.schema.SubjectName;
import dev.troth.server.registry.schema.Submission;
import dev.troth.server.registry.schema.Submission.Reference;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Reads a schema with all that it refers to, and all that refers to in turn. */
final class References {
  /** How many documents one schema may lead to. */
  private static final int MOST = 1_000;

  /** How long those documents may be together. */
  private static final long MOST_CHARACTERS = 16 << 20;

  /** The number by which clients mean the latest version. */
  private static final int LATEST = -1;

  private final Database database;
  private final RegistryStore store;

  References(Database database, RegistryStore store) {
    this.database = database;
    this.store = store;
  }

  StoredContract read(SubjectName subject, Submission schema) {
    Found found = new Found();
    add(subject, schema, found);
    return StoredContract.of(subject.name(), schema, found.documents);
  }

  /** What was found so far, by the names of the references. */
  private static final class Found {
    final Map<String, Json> documents = new LinkedHashMap<>();
    final Map<String, Registered> schemas = new HashMap<>();
    long characters;
  }

  /** What is referred to comes before what refers to it. */
  private void add(SubjectName from, Submission schema, Found all) {
    for (Reference reference : schema.references()) {
      Registered known = all.schemas.get(reference.name());
      if (known != null) {
        requireSame(from, reference, known);
        continue;
      }
      if (all.documents.size() >= MOST) {
        throw RegistryException.invalidSchema(
            "it leads to more than %d other schemas".formatted(MOST));
      }
      Registered found = find(from, reference);
      all.characters += found.schema().text().length();
      if (all.characters > MOST_CHARACTERS) {
        throw RegistryException.invalidSchema(
            "the schemas that it leads to have more than %d characters".formatted(MOST_CHARACTERS));
      }
      // After versions were deleted for good, schemas may refer to each other in a circle.
      all.schemas.put(reference.name(), found);
      all.documents.put(reference.name(), Json.Null.NULL);
      add(found.subject(), found.schema(), all);
      all.documents.remove(reference.name());
      all.documents.put(reference.name(), json(found.schema()));
    }
  }

  /** A name stands for one schema wherever it is read: of two, one would be taken for the other. */
  private void requireSame(SubjectName from, Reference reference, Registered known) {
    boolean same =
        known.subject().equals(SubjectName.of(from.context(), reference.subject()))
            && known.version() == reference.version();
    if (same) {
      return;
    }
    Registered other = find(from, reference);
    boolean alike =
        other.schema().text().equals(known.schema().text())
            && other.schema().references().equals(known.schema().references());
    if (!alike) {
      throw RegistryException.invalidSchema(
          "the reference '%s' leads to version %d of %s and to version %d of %s, expected one schema"
              .formatted(
                  reference.name(),
                  known.version(),
                  known.subject(),
                  other.version(),
                  other.subject()));
    }
  }

  /** The schema with numbers where its references mean the latest version. */
  Submission pinned(SubjectName subject, Submission schema) {
    if (schema.references().stream().noneMatch(reference -> reference.version() == LATEST)) {
      return schema;
    }
    return schema.referringTo(
        schema.references().stream()
            .map(reference ->
                reference.version() == LATEST
                    ? new Reference(
                        reference.name(), reference.subject(), find(subject, reference).version())
                    : reference)
            .toList());
  }

  private Registered find(SubjectName from, Reference reference) {
    SubjectName subject = SubjectName.of(from.context(), reference.subject());
    return database
        .read(handle -> version(handle, subject, reference.version()))
        .orElseThrow(() ->
            RegistryException.invalidSchema(
                "the reference '%s' leads to version %s of %s, which is not registered"
                    .formatted(
                        reference.name(),
                        reference.version() == LATEST ? "latest" : reference.version(),
                        subject)));
  }

  private Optional<Registered> version(Handle handle, SubjectName subject, int version) {
    return version == LATEST
        ? store.latest(handle, subject, Deleted.LEFT_OUT)
        : store.version(handle, subject, version, Deleted.INCLUDED);
  }

  private static Json json(Submission schema) {
    try {
      return JsonReader.read(schema.text().getBytes(StandardCharsets.UTF_8));
    } catch (JsonException e) {
      // An Avro schema may be the bare name of a type.
      return new Json.Str(schema.text());
    }
  }
}
