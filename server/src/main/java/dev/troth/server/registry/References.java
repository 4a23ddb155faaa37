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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
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
    Map<String, Json> documents = new LinkedHashMap<>();
    add(subject, schema, documents, new AtomicLong());
    return StoredContract.of(subject.name(), schema, documents);
  }

  /** What is referred to comes before what refers to it. */
  private void add(
      SubjectName from, Submission schema, Map<String, Json> documents, AtomicLong characters) {
    for (Reference reference : schema.references()) {
      if (documents.containsKey(reference.name())) {
        continue;
      }
      if (documents.size() >= MOST) {
        throw RegistryException.invalidSchema(
            "it leads to more than %d other schemas".formatted(MOST));
      }
      Registered found = find(from, reference);
      if (characters.addAndGet(found.schema().text().length()) > MOST_CHARACTERS) {
        throw RegistryException.invalidSchema(
            "the schemas that it leads to have more than %d characters".formatted(MOST_CHARACTERS));
      }
      // After versions were deleted for good, schemas may refer to each other in a circle.
      documents.put(reference.name(), Json.Null.NULL);
      add(found.subject(), found.schema(), documents, characters);
      documents.remove(reference.name());
      documents.put(reference.name(), json(found.schema()));
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
