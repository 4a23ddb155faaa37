package dev.troth.server.registry;

import dev.troth.contracts.Contract;
import dev.troth.contracts.DomainRules;
import dev.troth.contracts.compatibility.Mode;
import dev.troth.json.JsonReader;
import dev.troth.server.db.Database;
import dev.troth.server.registry.SubjectStore.Stamp;
import dev.troth.server.registry.schema.Deleted;
import dev.troth.server.registry.schema.Page;
import dev.troth.server.registry.schema.Registered;
import dev.troth.server.registry.schema.RegistryException;
import dev.troth.server.registry.schema.Setting;
import dev.troth.server.registry.schema.SubjectName;
import dev.troth.server.registry.schema.Submission;
import dev.troth.server.registry.schema.Submitted;
import dev.troth.server.registry.schema.Usage;
import dev.troth.server.registry.schema.Versions;
import dev.troth.watch.change.ChangeLog;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * The rules of the registry: what may be registered, and what is found. Each version that is
 * registered is a change of {@code contract/NAME}, so that contracts can be watched.
 *
 * <p>Schemas are compared outside any transaction; a version that came in between is compared anew.
 */
public final class Registry {
  /** What holds until somebody says otherwise; as at Confluent's. */
  static final Mode USUAL = Mode.BACKWARD;

  /** Against other replicas; in this one registrations of a subject wait for each other. */
  private static final int TRIES = 20;

  private static final int TURNS = 64;
  private static final Page FIRST = new Page(0, 1);
  private static final long PATIENCE_SECONDS = 20;

  /** How many consumers a message names. */
  private static final int NAMED = 20;

  private final Database database;
  private final RegistryStore store = new RegistryStore();
  private final SchemaStore schemas = new SchemaStore();
  private final SubjectStore subjects = new SubjectStore();
  private final ListStore lists = new ListStore();
  private final ConsumerStore consumers = new ConsumerStore();
  private final SettingStore settings = new SettingStore();
  private final Kept kept;
  private final SubjectPages pages;
  private final Additions additions;
  private final References references;
  private final Comparer comparer;

  /**
   * Who registers at a subject has its turn, so that what is compared does not change meanwhile.
   */
  private final ReentrantLock[] turns =
      Stream.generate(() -> new ReentrantLock(true)).limit(TURNS).toArray(ReentrantLock[]::new);

  public Registry(Database database, ChangeLog<Handle> changes, Kept kept) {
    this.database = database;
    this.kept = kept;
    this.pages = new SubjectPages(database, kept);
    this.additions = new Additions(store, schemas, subjects, changes);
    this.references = new References(database, store);
    this.comparer = new Comparer(database, store, references);
  }

  /**
   * How a client registers.
   *
   * @param normalize whether the schema is told apart by its meaning
   * @param usual the level if none was set
   */
  record Wish(boolean normalize, Mode usual, String actor) {}

  List<String> subjects(String prefix, Deleted deleted, Page page) {
    return pages.page(prefix, deleted, page);
  }

  List<Integer> versions(SubjectName subject, Deleted deleted, Page page) {
    return database.read(handle -> {
      List<Integer> numbers = store.numbers(handle, subject, deleted, page);
      if (numbers.isEmpty() && !exists(handle, subject, deleted)) {
        throw RegistryException.noSubject(subject);
      }
      return numbers;
    });
  }

  private boolean exists(Handle handle, SubjectName subject, Deleted deleted) {
    return store.latest(handle, subject, deleted).isPresent();
  }

  /** A version by its number, or {@link Versions#LATEST}. */
  Registered version(SubjectName subject, int number, Deleted deleted) {
    return database.read(handle ->
        (number == Versions.LATEST
                ? store.latest(handle, subject, deleted)
                : store.version(handle, subject, number, deleted))
            .orElseThrow(() ->
                number != Versions.LATEST && exists(handle, subject, deleted)
                    ? RegistryException.noVersion(number)
                    : RegistryException.noSubject(subject)));
  }

  /** A version that has a schema, in its context or, without one there, in the first. */
  Registered ofId(Optional<String> context, int id) {
    return database
        .read(handle ->
            context
                .or(() -> schemas.contextOf(handle, id))
                .flatMap(one -> store.ofId(handle, one, id, 1).stream().findFirst()))
        .orElseThrow(() -> RegistryException.noSchema(Integer.toString(id)));
  }

  /** Where the schema of an id is, in its context or, without one there, in the first. */
  List<RegistryStore.Place> places(Optional<String> context, int id, Deleted deleted, Page page) {
    return database.read(handle -> {
      String where =
          context
              .or(() -> schemas.contextOf(handle, id))
              .filter(one -> !store.places(handle, one, id, Deleted.INCLUDED, FIRST).isEmpty())
              .orElseThrow(() -> RegistryException.noSchema(Integer.toString(id)));
      return store.places(handle, where, id, deleted, page);
    });
  }

  Registered ofGuid(String guid) {
    return database
        .read(handle -> store.ofGuid(handle, guid))
        .orElseThrow(() -> RegistryException.noSchema(guid));
  }

  List<SchemaStore.Numbered> idsOfGuid(String guid) {
    List<SchemaStore.Numbered> found = database.read(handle -> schemas.idsOfGuid(handle, guid));
    if (found.isEmpty()) {
      throw RegistryException.noSchema(guid);
    }
    return found;
  }

  /** A version as a contract, with the conditions of its rule set that are run. */
  Contract contract(Registered registered) {
    Submission schema = registered.schema();
    Contract contract = references.read(registered.subject(), schema).contract();
    return schema.ruleSet().isEmpty()
        ? contract
        : DomainRules.of(JsonReader.read(schema.ruleSet())).addedTo(contract);
  }

  int lastId(String context) {
    return database.read(handle -> schemas.lastId(handle, context));
  }

  /** The version of a subject that has this content. */
  Registered lookup(SubjectName subject, Submission schema, Deleted deleted, boolean normalize) {
    return database.read(handle -> {
      if (!exists(handle, subject, deleted)) {
        throw RegistryException.noSubject(subject);
      }
      return known(handle, subject, schema, deleted, normalize)
          .orElseThrow(RegistryException::noSchema);
    });
  }

  private Optional<Registered> known(
      Handle handle, SubjectName subject, Submission schema, Deleted deleted, boolean normalize) {
    Optional<Registered> same = store.withSchema(handle, subject, schema, deleted);
    if (same.isPresent() || !normalize) {
      return same;
    }
    // A version may have been registered as it came, before its subject told them by meaning.
    return store.withMeaning(handle, subject, schema, deleted);
  }

  /** The latest version whose metadata has all of these properties. */
  Registered withMetadata(SubjectName subject, Map<String, String> wanted, Deleted deleted) {
    return database.read(handle -> {
      if (!exists(handle, subject, deleted)) {
        throw RegistryException.noSubject(subject);
      }
      return store
          .withMetadata(handle, subject, deleted, one -> has(one.schema(), wanted))
          .orElseThrow(RegistryException::noSchema);
    });
  }

  private static boolean has(Submission schema, Map<String, String> wanted) {
    return wanted.entrySet().stream()
        .allMatch(property ->
            schema.property(property.getKey()).filter(property.getValue()::equals).isPresent());
  }

  /** Registers the next version, unless the subject has this content already. */
  Registered register(SubjectName subject, Submitted given, Wish wish) {
    subject.requireValid();
    Submission pinned = references.pinned(subject, given.schema());
    // Serializers register what is there at each start: they wait for nobody's proof.
    View view = view(subject, new Submitted(pinned, given.id(), given.version()), wish);
    if (view.known().isPresent()) {
      return view.known().get();
    }
    ReentrantLock turn = turns[Math.floorMod(subject.hashCode(), TURNS)];
    boolean waits = !turn.tryLock();
    try {
      if (waits && !turn.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw RegistryException.busy();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RegistryException.busy();
    }
    try {
      // Who waited, waited for one who wrote.
      return register(subject, waits ? view(subject, view.asked(), wish) : view, wish);
    } finally {
      turn.unlock();
    }
  }

  /**
   * What one look at a subject shows.
   *
   * @param asked what is to be registered, in the form that the subject tells schemas apart by
   * @param known what has this content already; an id of its own is looked at where it is added
   */
  private record View(Submitted asked, Standing standing, Optional<Registered> known) {}

  private View view(SubjectName subject, Submitted given, Wish wish) {
    return database.read(handle -> {
      Standing standing = standing(handle, subject, wish.usual());
      boolean normalize = wish.normalize() || standing.setting().normalize().orElse(false);
      Submission schema = given.schema();
      Submitted asked =
          new Submitted(normalize ? schema.normalized() : schema, given.id(), given.version());
      boolean none = given.id().isPresent() || standing.stamp().isEmpty();
      return new View(
          asked,
          standing,
          none
              ? Optional.empty()
              : known(handle, subject, asked.schema(), Deleted.LEFT_OUT, normalize));
    });
  }

  private Registered register(SubjectName subject, View first, Wish wish) {
    View view = first;
    for (int i = 0; i < TRIES; i++) {
      if (view.known().isPresent()) {
        return view.known().get();
      }
      Submitted asked = view.asked();
      Standing standing = view.standing();
      requireUsage(subject, asked, standing.setting());
      requireCompatible(subject, asked.schema(), standing);
      // Nothing is parsed while others wait for the writer.
      Additions.Wanted wanted = Additions.Wanted.of(asked);
      Optional<Registered> added =
          kept.writing(
              subject,
              () ->
                  database.write(handle ->
                      standing(handle, subject, wish.usual()).equals(standing)
                          ? Optional.of(
                              additions.add(
                                  handle, subject, wanted, standing.stamp(), wish.actor()))
                          : Optional.empty()));
      if (added.isPresent()) {
        return added.get();
      }
      view = view(subject, asked, wish);
    }
    throw RegistryException.busy();
  }

  private void requireCompatible(SubjectName subject, Submission schema, Standing standing) {
    boolean imports = standing.setting().usage().filter(u -> u == Usage.IMPORT).isPresent();
    Compatibility compatibility =
        imports
            ? readable(subject, schema)
            : comparer.all(subject, schema, standing.stamp(), standing.setting());
    if (!compatibility.compatible()) {
      throw RegistryException.incompatible(
          subject, String.join("; ", compatibility.reasons()) + readers(subject));
    }
  }

  /** Who said that they read the subject, for a message; empty if nobody did. */
  private String readers(SubjectName subject) {
    List<Consumer> known = database.read(handle -> consumers.of(handle, subject, NAMED));
    return known.isEmpty()
        ? ""
        : "; it is read by "
            + known.stream().map(Consumer::toString).collect(Collectors.joining(", "));
  }

  private Compatibility readable(SubjectName subject, Submission schema) {
    var _ = references.read(subject, schema);
    return Compatibility.fine(schema);
  }

  private static void requireUsage(SubjectName subject, Submitted asked, Setting setting) {
    Usage usage = setting.usage().orElse(Usage.READWRITE);
    if (usage.readOnly()) {
      throw RegistryException.readOnly(subject);
    }
    if (asked.id().isPresent() != (usage == Usage.IMPORT)) {
      throw RegistryException.notPermitted(
          usage == Usage.IMPORT
              ? "Subject %s is in import mode, expected an id with the schema".formatted(subject)
              : "Subject %s is not in import mode: ids are given by the registry"
                  .formatted(subject));
    }
  }

  /** Whether a schema may follow all that the level asks for; nothing is registered. */
  Compatibility test(SubjectName subject, Submission schema, Mode usual) {
    subject.requireValid();
    Standing standing = standing(subject, usual);
    return comparer.all(
        subject, references.pinned(subject, schema), standing.stamp(), standing.setting());
  }

  /** Whether a schema may follow one version. */
  Compatibility test(SubjectName subject, int number, Submission schema) {
    subject.requireValid();
    Standing standing = standing(subject, USUAL);
    if (standing.stamp().isEmpty() && number == Versions.LATEST) {
      return readable(subject, schema);
    }
    Registered asked = version(subject, number, Deleted.LEFT_OUT);
    return comparer.some(
        subject,
        references.pinned(subject, schema),
        List.of(asked),
        standing.setting().level().orElse(USUAL));
  }

  /** The ids of the schemas that refer to a version. */
  List<Integer> referrers(SubjectName subject, int number) {
    Registered registered = version(subject, number, Deleted.INCLUDED);
    return database.read(handle -> schemas.referrers(handle, subject, registered.version()));
  }

  List<String> contexts() {
    return database.read(lists::contexts);
  }

  /** A subject as it stands: its versions and what is set for it. */
  private record Standing(Stamp stamp, Setting setting) {}

  private Standing standing(SubjectName subject, Mode usual) {
    return database.read(handle -> standing(handle, subject, usual));
  }

  private Standing standing(Handle handle, SubjectName subject, Mode usual) {
    Setting setting = settings.effective(handle, subject);
    return new Standing(
        subjects.stamp(handle, subject),
        setting.under(
            new Setting(Optional.of(usual), Optional.empty(), Optional.empty(), Optional.empty())));
  }
}
