package dev.troth.server.registry;

import dev.troth.server.registry.SubjectStore.Stamp;
import dev.troth.server.registry.schema.Deleted;
import dev.troth.server.registry.schema.Prints;
import dev.troth.server.registry.schema.Registered;
import dev.troth.server.registry.schema.RegistryException;
import dev.troth.server.registry.schema.SubjectName;
import dev.troth.server.registry.schema.Submission;
import dev.troth.server.registry.schema.Submitted;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import java.util.Optional;
import java.util.OptionalInt;
import org.jdbi.v3.core.Handle;

/** Writes new versions, each with its change; an imported id must mean nothing else. */
record Additions(
    RegistryStore store, SchemaStore schemas, SubjectStore subjects, ChangeLog<Handle> changes) {
  /** Leaves room for what is registered after an import. */
  private static final int MOST_IMPORTED = 1_000_000_000;

  /** What is to be registered, with what it is found by. */
  record Wanted(Submitted asked, Prints prints) {
    static Wanted of(Submitted asked) {
      return new Wanted(asked, Prints.of(asked.schema()));
    }
  }

  /** Adds what somebody asked for to a subject that stands as it was looked at. */
  Registered add(Handle handle, SubjectName subject, Wanted wanted, Stamp stamp, String actor) {
    Submitted asked = wanted.asked();
    Submission schema = asked.schema();
    if (asked.id().isPresent()) {
      Optional<Registered> same = store.withSchema(handle, subject, schema, Deleted.LEFT_OUT);
      if (same.isPresent()) {
        requireSameId(asked.id().getAsInt(), same.get().id());
        return same.get();
      }
    }
    int next = stamp.top() + 1;
    int version = asked.version().orElse(next);
    if (asked.id().isEmpty() && version != next) {
      throw RegistryException.invalidSchema(
          "version is %d, expected %d, one more than the last".formatted(version, next));
    }
    if (asked.id().isPresent()) {
      requireFree(handle, subject, wanted, version);
    }
    Registered added =
        store.add(
            handle,
            subject,
            version,
            new RegistryStore.Printed(schema, wanted.prints()),
            asked.id());
    subjects.added(handle, subject, version, schema);
    changes.append(
        handle, NewChange.of(subject.watched(), "contract.registered", actor).after(fields(added)));
    return added;
  }

  private static void requireSameId(int given, int known) {
    if (given != known) {
      throw RegistryException.otherId(given, "the schema has the id %d here".formatted(known));
    }
  }

  /** An imported id and version must mean nothing else here. */
  private void requireFree(Handle handle, SubjectName subject, Wanted wanted, int version) {
    Submitted asked = wanted.asked();
    int id = asked.id().orElseThrow();
    if (Math.max(id, version) > MOST_IMPORTED) {
      throw RegistryException.invalidSchema(
          "id is %d and version %d, expected at most %d: later ones follow the highest"
              .formatted(id, version, MOST_IMPORTED));
    }
    OptionalInt known = schemas.idOf(handle, subject.context(), wanted.prints().fingerprint());
    if (known.isPresent()) {
      requireSameId(id, known.getAsInt());
    }
    schemas
        .fingerprintOf(handle, subject.context(), id)
        .filter(other -> !other.equals(wanted.prints().fingerprint()))
        .ifPresent(other -> {
          throw RegistryException.otherId(id, "another schema has this id");
        });
    if (store.version(handle, subject, version, Deleted.INCLUDED).isPresent()) {
      throw RegistryException.invalidSchema(
          "version %d of %s is there already".formatted(version, subject));
    }
  }

  static Fields fields(Registered registered) {
    return Fields.of(
        "subject",
        registered.subject().qualified(),
        "version",
        registered.version(),
        "id",
        registered.id(),
        "schemaType",
        registered.schema().kind().name());
  }
}
