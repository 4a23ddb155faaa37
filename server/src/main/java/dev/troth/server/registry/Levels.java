package dev.troth.server.registry;

import dev.troth.contracts.compatibility.Mode;
import dev.troth.server.db.Database;
import dev.troth.server.registry.schema.Deleted;
import dev.troth.server.registry.schema.Page;
import dev.troth.server.registry.schema.RegistryException;
import dev.troth.server.registry.schema.Setting;
import dev.troth.server.registry.schema.SubjectName;
import dev.troth.server.registry.schema.Usage;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** What is set for subjects, contexts and all of the registry; each setting made is a change. */
public final class Levels {
  private final Database database;
  private final SettingStore store = new SettingStore();
  private final ListStore lists = new ListStore();
  private final ChangeLog<Handle> changes;
  private final Kept kept;

  public Levels(Database database, ChangeLog<Handle> changes, Kept kept) {
    this.database = database;
    this.kept = kept;
    this.changes = changes;
  }

  /** For whom something is set: a subject, a context, or, with an empty name, everything. */
  private static String key(SubjectName of) {
    return of.qualified();
  }

  static SubjectName everywhere() {
    return SubjectName.of(SettingStore.EVERYWHERE);
  }

  /** What is set there, and nothing of what lies above. */
  Setting own(SubjectName of) {
    return database.read(handle -> store.find(handle, key(of)));
  }

  /** What holds there. */
  Setting effective(SubjectName of) {
    return database.read(handle -> store.effective(handle, of));
  }

  /** Sets what the other says and leaves the rest as it is. */
  Setting change(SubjectName of, Setting by, String actor) {
    return write(
        of,
        handle -> {
          requireWritable(handle, of);
          Setting before = store.find(handle, key(of));
          Setting after = before.changed(by);
          save(handle, of, before, after, actor);
          return after;
        });
  }

  /** Takes back all but the usage; answers what was set. */
  Setting removeConfig(SubjectName of, String actor) {
    return write(
        of,
        handle -> {
          Setting before = store.find(handle, key(of));
          if (!before.hasConfig() && !of.equals(everywhere())) {
            throw RegistryException.noLevel(of);
          }
          requireWritable(handle, of);
          save(handle, of, before, before.withoutConfig(), actor);
          return before;
        });
  }

  /**
   * Says what is taken there.
   *
   * @param force whether to import beside what is there already
   */
  Usage use(SubjectName of, Usage usage, boolean force, String actor) {
    if (usage == Usage.READONLY_OVERRIDE && !of.equals(everywhere())) {
      throw RegistryException.invalidMode(usage.name());
    }
    return write(
        of,
        handle -> {
          Setting before = store.find(handle, key(of));
          boolean begins = usage == Usage.IMPORT && !before.usage().equals(Optional.of(usage));
          if (begins && !force && hasVersions(handle, of)) {
            throw RegistryException.notPermitted(
                "Cannot import since found existing subjects; force=true imports beside them");
          }
          save(handle, of, before, before.withUsage(Optional.of(usage)), actor);
          return usage;
        });
  }

  private boolean hasVersions(Handle handle, SubjectName of) {
    return of.equals(everywhere())
        ? !lists.subjects(handle, ":*:", Deleted.INCLUDED, new Page(0, 1)).isEmpty()
        : lists.hasVersions(handle, of);
  }

  /** Takes the usage back; answers the one that was set. */
  Usage removeUsage(SubjectName of, String actor) {
    return write(
        of,
        handle -> {
          Setting before = store.find(handle, key(of));
          Usage removed = before.usage().orElseThrow(() -> RegistryException.noMode(of));
          save(handle, of, before, before.withUsage(Optional.empty()), actor);
          return removed;
        });
  }

  /** Forgets what is set for a context that has no versions. */
  void removeContext(String context, String actor) {
    SubjectName of = SubjectName.ofContext(context);
    write(
        of,
        handle -> {
          if (of.inDefaultContext() || lists.hasVersions(handle, of)) {
            throw RegistryException.contextNotEmpty(context);
          }
          save(handle, of, store.find(handle, key(of)), Setting.NONE, actor);
          return of;
        });
  }

  /** What lies above subjects holds for all of them. */
  private <T> T write(SubjectName of, Function<Handle, T> work) {
    return of.name().isEmpty()
        ? kept.writing(() -> database.write(work))
        : kept.writing(of, () -> database.write(work));
  }

  private void requireWritable(Handle handle, SubjectName of) {
    if (store.effective(handle, of).usage().filter(Usage::readOnly).isPresent()) {
      throw RegistryException.readOnly(of);
    }
  }

  private void save(Handle handle, SubjectName of, Setting before, Setting after, String actor) {
    if (before.equals(after)) {
      return;
    }
    store.save(handle, key(of), after);
    Subject subject =
        of.name().isEmpty()
            ? new Subject("registry", of.inDefaultContext() ? "config" : "config" + of.context())
            : of.watched();
    changes.append(
        handle,
        NewChange.of(subject, "contract.level", actor).before(fields(before)).after(fields(after)));
  }

  private static Fields fields(Setting setting) {
    Map<String, Object> fields = new LinkedHashMap<>();
    setting.level().map(Mode::name).ifPresent(level -> fields.put("level", level));
    setting.normalize().ifPresent(on -> fields.put("normalize", on));
    setting.group().ifPresent(group -> fields.put("compatibilityGroup", group));
    setting.usage().map(Usage::name).ifPresent(usage -> fields.put("mode", usage));
    return Fields.of(fields);
  }
}
