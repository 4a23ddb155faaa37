package dev.troth.server.registry;

import dev.troth.server.db.Database;
import dev.troth.server.registry.schema.Deleted;
import dev.troth.server.registry.schema.Page;
import dev.troth.server.registry.schema.Registered;
import dev.troth.server.registry.schema.RegistryException;
import dev.troth.server.registry.schema.Setting;
import dev.troth.server.registry.schema.SubjectName;
import dev.troth.server.registry.schema.Usage;
import dev.troth.server.registry.schema.Versions;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * Takes versions out of use: first they are marked, and still found by their ids; then they may be
 * deleted for good. What others refer to stays. Each deletion is a change of the contract.
 */
public final class Deletions {
  private final Database database;
  private final RegistryStore store = new RegistryStore();
  private final SchemaStore schemas = new SchemaStore();
  private final SubjectStore subjects = new SubjectStore();
  private final SettingStore settings = new SettingStore();
  private final ConsumerStore consumers = new ConsumerStore();
  private final ChangeLog<Handle> changes;
  private final Kept kept;

  public Deletions(Database database, ChangeLog<Handle> changes, Kept kept) {
    this.database = database;
    this.kept = kept;
    this.changes = changes;
  }

  /** Deletes all versions of a subject; answers their numbers. */
  List<Integer> subject(SubjectName subject, boolean forGood, String actor) {
    return write(
        subject,
        forGood,
        handle -> {
          requireWritable(handle, subject);
          List<Integer> all = store.numbers(handle, subject, Deleted.INCLUDED, Page.WHOLE);
          List<Integer> inUse = store.numbers(handle, subject, Deleted.LEFT_OUT, Page.WHOLE);
          if (all.isEmpty()) {
            throw RegistryException.noSubject(subject);
          }
          if (forGood && !inUse.isEmpty()) {
            throw RegistryException.subjectNotDeleted(subject);
          }
          if (!forGood && inUse.isEmpty()) {
            throw RegistryException.subjectDeleted(subject);
          }
          List<Integer> deleted = forGood ? all : inUse;
          for (int version : schemas.referred(handle, subject)) {
            if (Collections.binarySearch(deleted, version) >= 0) {
              requireUnreferenced(handle, subject, version);
            }
          }
          if (forGood) {
            empty(handle, subject, 1, Integer.MAX_VALUE);
          }
          store.deleteAll(handle, subject, forGood);
          subjects.recount(handle, subject);
          settings.save(handle, subject.qualified(), Setting.NONE);
          append(handle, subject, Optional.empty(), forGood, actor);
          return deleted;
        });
  }

  /** Deletes one version; answers its number. */
  int version(SubjectName subject, String version, boolean forGood, String actor) {
    int asked = Versions.number(version);
    return write(
        subject,
        forGood,
        handle -> {
          requireWritable(handle, subject);
          if (subjects.stamp(handle, subject).top() == 0) {
            throw RegistryException.noSubject(subject);
          }
          Deleted looked =
              asked == Versions.LATEST && !forGood ? Deleted.LEFT_OUT : Deleted.INCLUDED;
          Registered found =
              (asked == Versions.LATEST
                      ? store.latest(handle, subject, looked)
                      : store.version(handle, subject, asked, looked))
                  .orElseThrow(() -> RegistryException.noVersion(asked));
          int number = found.version();
          if (forGood && !found.deleted()) {
            throw RegistryException.versionNotDeleted(subject, number);
          }
          if (!forGood && found.deleted()) {
            throw RegistryException.versionDeleted(subject, number);
          }
          requireUnreferenced(handle, subject, number);
          if (forGood) {
            empty(handle, subject, number, number);
          }
          store.delete(handle, subject, number, forGood);
          subjects.recount(handle, subject);
          append(handle, subject, Optional.of(found), forGood, actor);
          return number;
        });
  }

  /** Takes out what versions hold, before they are deleted for good. */
  private void empty(Handle handle, SubjectName subject, int from, int to) {
    schemas.empty(handle, subject, from, to);
    consumers.deleteReaders(handle, subject, from, to);
  }

  /** What is deleted for good, no id means any more. */
  private <T> T write(SubjectName subject, boolean forGood, Function<Handle, T> work) {
    return forGood
        ? kept.writing(() -> database.write(work))
        : kept.writing(subject, () -> database.write(work));
  }

  private void requireWritable(Handle handle, SubjectName subject) {
    if (settings.effective(handle, subject).usage().filter(Usage::readOnly).isPresent()) {
      throw RegistryException.readOnly(subject);
    }
  }

  private void requireUnreferenced(Handle handle, SubjectName subject, int version) {
    List<Integer> by = schemas.referrers(handle, subject, version);
    if (!by.isEmpty()) {
      throw RegistryException.referenced(subject, version, by);
    }
  }

  private void append(
      Handle handle,
      SubjectName subject,
      Optional<Registered> version,
      boolean forGood,
      String actor) {
    changes.append(
        handle,
        NewChange.of(subject.watched(), forGood ? "contract.purged" : "contract.deleted", actor)
            .before(
                version.map(Additions::fields).orElse(Fields.of("subject", subject.qualified()))));
  }
}
