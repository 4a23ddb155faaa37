package dev.troth.server.registry;

import dev.troth.server.auth.Caller;
import dev.troth.server.db.Database;
import dev.troth.server.error.DomainException;
import dev.troth.server.registry.schema.Deleted;
import dev.troth.server.registry.schema.SubjectName;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/** Who depends on which version of a contract, so that whoever would break them hears of it. */
public final class Consumers {
  /** How many one subject may have. */
  private static final int MOST = 1_000;

  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}._:/@-]{1,200}");

  private final Database database;
  private final ConsumerStore store = new ConsumerStore();
  private final RegistryStore versions = new RegistryStore();
  private final ChangeLog<Handle> changes;
  private final InstantSource clock;

  public Consumers(Database database, ChangeLog<Handle> changes, InstantSource clock) {
    this.database = database;
    this.changes = changes;
    this.clock = clock;
  }

  List<Consumer> of(SubjectName subject) {
    return database.read(handle -> {
      if (versions.latest(handle, subject, Deleted.INCLUDED).isEmpty()) {
        throw new DomainException.NotFound("%s is not in the registry".formatted(subject));
      }
      return store.of(handle, subject, MOST);
    });
  }

  /** Says which version a consumer reads; a change of the contract, unless that is known. */
  Consumer depend(SubjectName subject, String name, int version, Caller caller) {
    if (!NAME.matcher(name).matches()) {
      throw new DomainException.Invalid(
          "consumer is '%s', expected 1 to 200 letters, digits and . _ : / @ -".formatted(name));
    }
    return database.write(handle -> {
      if (versions.version(handle, subject, version, Deleted.LEFT_OUT).isEmpty()) {
        throw new DomainException.NotFound(
            "version %d of %s is not in the registry".formatted(version, subject));
      }
      Optional<Consumer> before = store.find(handle, subject, name);
      if (before.filter(known -> known.version() == version).isPresent()) {
        return before.get();
      }
      if (before.isEmpty() && store.count(handle, subject) >= MOST) {
        throw new DomainException.Conflict(
            "%s has %d consumers, the most that one subject may have".formatted(subject, MOST));
      }
      Consumer consumer =
          new Consumer(
              name, version, caller.user(), clock.instant().truncatedTo(ChronoUnit.MILLIS));
      store.save(handle, subject, consumer);
      append(handle, subject, before, Optional.of(consumer), caller);
      return consumer;
    });
  }

  /** Forgets a consumer. */
  void leave(SubjectName subject, String name, Caller caller) {
    database.write(handle -> {
      Optional<Consumer> before = store.find(handle, subject, name);
      if (before.isEmpty()) {
        throw new DomainException.NotFound("%s is no consumer of %s".formatted(name, subject));
      }
      store.delete(handle, subject, name);
      append(handle, subject, before, Optional.empty(), caller);
      return before;
    });
  }

  private void append(
      Handle handle,
      SubjectName subject,
      Optional<Consumer> before,
      Optional<Consumer> after,
      Caller caller) {
    changes.append(
        handle,
        NewChange.of(subject.watched(), "contract.consumer", caller.user())
            .before(before.map(Consumers::fields).orElse(Fields.none()))
            .after(after.map(Consumers::fields).orElse(Fields.none())));
  }

  private static Fields fields(Consumer consumer) {
    return Fields.of("consumer", consumer.consumer(), "version", consumer.version());
  }
}
