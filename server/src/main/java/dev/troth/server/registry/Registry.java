package dev.troth.server.registry;

import dev.troth.contracts.Contract;
import dev.troth.contracts.Finding;
import dev.troth.contracts.Version;
import dev.troth.contracts.compatibility.ContractJudge;
import dev.troth.contracts.compatibility.Layer;
import dev.troth.contracts.compatibility.Mode;
import dev.troth.json.Json;
import dev.troth.json.JsonReader;
import dev.troth.server.db.Database;
import dev.troth.server.registry.RegistryStore.Registered;
import dev.troth.server.registry.Submission.Reference;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the registry: what may be registered, and how versions are compared. Each version
 * that is registered is a change of {@code contract/NAME}, so that contracts can be watched.
 *
 * <p>Schemas are compared in the layer evolution, outside any transaction, because a proof may take
 * seconds; a version that came in between is compared anew.
 */
public final class Registry {
  /** What holds until somebody says otherwise; as at Confluent's. */
  static final Mode USUAL = Mode.BACKWARD;

  private static final int LONGEST_SUBJECT = 500;
  private static final int TRIES = 5;
  private static final int COMPARED_AT_ONCE = 2;
  private static final long PATIENCE_SECONDS = 20;
  private static final String VALUE = "-value";

  private final Database database;
  private final RegistryStore store = new RegistryStore();
  private final ChangeLog<Handle> changes;
  private final Semaphore comparing = new Semaphore(COMPARED_AT_ONCE, true);

  public Registry(Database database, ChangeLog<Handle> changes) {
    this.database = database;
    this.changes = changes;
  }

  /**
   * Whether a schema may be the next version.
   *
   * @param reasons why not; each names the rule that is broken
   */
  record Compatibility(boolean compatible, List<String> reasons) {
    Compatibility {
      reasons = List.copyOf(reasons);
    }
  }

  /** A subject as it stands: its versions, oldest first, and its level. */
  private record Standing(List<Registered> versions, Mode level) {}

  List<String> subjects(String prefix) {
    return database.read(handle -> store.subjects(handle, prefix));
  }

  List<Integer> versions(String subject) {
    return require(subject).stream().map(Registered::version).toList();
  }

  private List<Registered> require(String subject) {
    List<Registered> versions = database.read(handle -> store.versions(handle, subject));
    if (versions.isEmpty()) {
      throw RegistryException.noSubject(subject);
    }
    return versions;
  }

  /** A version by its number, or {@code latest}. */
  Registered version(String subject, String version) {
    int number = number(version);
    List<Registered> versions = require(subject);
    return number < 0 ? versions.getLast() : find(versions, number);
  }

  private static Registered find(List<Registered> versions, int number) {
    return versions.stream()
        .filter(registered -> registered.version() == number)
        .findFirst()
        .orElseThrow(() -> RegistryException.noVersion(number));
  }

  /** The number of a version; -1 for the latest. */
  private static int number(String version) {
    if (version.equals("latest") || version.equals("-1")) {
      return -1;
    }
    if (version.matches("[1-9]\\d{0,9}") && Long.parseLong(version) <= Integer.MAX_VALUE) {
      return Integer.parseInt(version);
    }
    throw RegistryException.invalidVersion(version);
  }

  /** The versions that have a schema. */
  List<Registered> ofSchema(int id) {
    List<Registered> found = database.read(handle -> store.ofSchema(handle, id));
    if (found.isEmpty()) {
      throw RegistryException.noSchema(id);
    }
    return found;
  }

  /** The version of a subject that has this content. */
  Registered lookup(String subject, Submission schema) {
    require(subject);
    return database
        .read(handle -> store.withSchema(handle, subject, schema))
        .orElseThrow(RegistryException::noSchema);
  }

  /**
   * Registers the next version, unless the subject has this content already.
   *
   * @param usual the level if none was configured
   */
  Registered register(String subject, Submission schema, String actor, Mode usual) {
    requireValid(subject);
    for (int i = 0; i < TRIES; i++) {
      Optional<Registered> known =
          database.read(handle -> store.withSchema(handle, subject, schema));
      if (known.isPresent()) {
        return known.get();
      }
      Standing standing = standing(subject, usual);
      Compatibility compatibility = judge(subject, schema, standing.versions(), standing.level());
      if (!compatibility.compatible()) {
        throw RegistryException.incompatible(subject, String.join("; ", compatibility.reasons()));
      }
      int next = standing.versions().isEmpty() ? 1 : standing.versions().getLast().version() + 1;
      Optional<Registered> added =
          database.write(handle -> {
            if (!standing(handle, subject, usual).equals(standing)) {
              return Optional.empty();
            }
            // Somebody may have registered the same between the first look and the standing.
            Optional<Registered> same = store.withSchema(handle, subject, schema);
            return same.isPresent() ? same : Optional.of(add(handle, subject, next, schema, actor));
          });
      if (added.isPresent()) {
        return added.get();
      }
    }
    throw RegistryException.busy();
  }

  private Registered add(
      Handle handle, String subject, int version, Submission schema, String actor) {
    Registered added = store.add(handle, subject, version, schema);
    changes.append(
        handle,
        NewChange.of(watched(subject), "contract.registered", actor)
            .after(
                Fields.of(
                    "subject",
                    subject,
                    "version",
                    version,
                    "id",
                    added.id(),
                    "schemaType",
                    schema.kind().name())));
    return added;
  }

  /** What users watch: the contract; values of a topic go by the topic's name. */
  private static Subject watched(String subject) {
    boolean value = subject.endsWith(VALUE) && subject.length() > VALUE.length();
    return new Subject(
        "contract", value ? subject.substring(0, subject.length() - VALUE.length()) : subject);
  }

  /** Whether a schema may follow all that the level asks for; nothing is registered. */
  Compatibility test(String subject, Submission schema, Mode usual) {
    requireValid(subject);
    Standing standing = standing(subject, usual);
    return judge(subject, schema, standing.versions(), standing.level());
  }

  /** Whether a schema may follow one version. */
  Compatibility test(String subject, String version, Submission schema) {
    requireValid(subject);
    int number = number(version);
    Standing standing = standing(subject, USUAL);
    List<Registered> versions = standing.versions();
    if (versions.isEmpty() && number > 0) {
      throw RegistryException.noSubject(subject);
    }
    List<Registered> asked =
        versions.isEmpty()
            ? List.of()
            : List.of(number < 0 ? versions.getLast() : find(versions, number));
    return judge(subject, schema, asked, standing.level());
  }

  private Compatibility judge(
      String subject, Submission schema, List<Registered> earlier, Mode level) {
    StoredContract next = read(subject, schema);
    if (level == Mode.NONE || earlier.isEmpty()) {
      return new Compatibility(true, List.of());
    }
    List<Contract> before = new ArrayList<>();
    Version version = new Version(1, 0, 0, "");
    for (Registered registered : earlier) {
      StoredContract stored = read(subject, registered.schema());
      version = stored.versioned() ? stored.contract().version() : after(version);
      before.add(stored.as(subject, version));
    }
    Contract asked =
        next.as(subject, next.versioned() ? next.contract().version() : after(version));
    boolean entered = false;
    try {
      entered = comparing.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!entered) {
        throw RegistryException.busy();
      }
      ContractJudge.Result result = new ContractJudge(level, Layer.EVOLUTION).judge(asked, before);
      return new Compatibility(
          result.passes(),
          result.findings().stream()
              .filter(Finding::isError)
              .map(finding -> finding.message() + " [" + finding.rule() + "]")
              .toList());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RegistryException.busy();
    } finally {
      if (entered) {
        comparing.release();
      }
    }
  }

  /** A schema that says no version is a minor version of what it follows. */
  private static Version after(Version version) {
    return new Version(version.major(), version.minor() + 1, 0, "");
  }

  private StoredContract read(String subject, Submission schema) {
    if (!schema.references().isEmpty() && schema.kind() == Submission.Kind.AVRO) {
      throw RegistryException.invalidSchema(
          "references are understood in JSON Schema, not in Avro");
    }
    Map<String, Json> documents = new LinkedHashMap<>();
    addReferences(schema, documents);
    return StoredContract.of(subject, schema, documents);
  }

  private void addReferences(Submission schema, Map<String, Json> documents) {
    for (Reference reference : schema.references()) {
      if (documents.containsKey(reference.name())) {
        continue;
      }
      Submission found =
          database
              .read(handle -> store.version(handle, reference.subject(), reference.version()))
              .orElseThrow(() ->
                  RegistryException.invalidSchema(
                      "the reference '%s' leads to version %d of %s, which is not registered"
                          .formatted(reference.name(), reference.version(), reference.subject())))
              .schema();
      documents.put(
          reference.name(), JsonReader.read(found.text().getBytes(StandardCharsets.UTF_8)));
      addReferences(found, documents);
    }
  }

  private Standing standing(String subject, Mode usual) {
    return database.read(handle -> standing(handle, subject, usual));
  }

  private Standing standing(Handle handle, String subject, Mode usual) {
    Mode level =
        store
            .level(handle, subject)
            .or(() -> store.level(handle, RegistryStore.EVERYWHERE))
            .map(Mode::valueOf)
            .orElse(usual);
    return new Standing(store.versions(handle, subject), level);
  }

  /** The level of a subject or, without one, of all; none if nobody set it. */
  Optional<Mode> level(@Nullable String subject) {
    String name = subject == null ? RegistryStore.EVERYWHERE : subject;
    return database.read(handle -> store.level(handle, name)).map(Mode::valueOf);
  }

  /** Sets the level of a subject, or of all that have none of their own. */
  Mode level(@Nullable String subject, String level, String actor) {
    Mode mode;
    try {
      mode = Mode.named(level);
    } catch (IllegalArgumentException e) {
      throw RegistryException.invalidLevel(level);
    }
    if (subject != null) {
      requireValid(subject);
    }
    String name = subject == null ? RegistryStore.EVERYWHERE : subject;
    return database.write(handle -> {
      Optional<String> before = store.level(handle, name);
      store.level(handle, name, mode.name());
      appendLevel(handle, subject, before, Optional.of(mode.name()), actor);
      return mode;
    });
  }

  /** Takes a level back; answers the one that was set. */
  Mode removeLevel(@Nullable String subject, String actor) {
    String name = subject == null ? RegistryStore.EVERYWHERE : subject;
    return database.write(handle -> {
      Optional<String> before = store.level(handle, name);
      if (before.isEmpty() && subject != null) {
        throw RegistryException.noLevel(subject);
      }
      store.removeLevel(handle, name);
      appendLevel(handle, subject, before, Optional.empty(), actor);
      return before.map(Mode::valueOf).orElse(USUAL);
    });
  }

  private void appendLevel(
      Handle handle,
      @Nullable String subject,
      Optional<String> before,
      Optional<String> after,
      String actor) {
    if (before.equals(after)) {
      return;
    }
    Subject of = subject == null ? new Subject("registry", "config") : watched(subject);
    changes.append(
        handle,
        NewChange.of(of, "contract.level", actor)
            .before(before.map(level -> Fields.of("level", level)).orElse(Fields.none()))
            .after(after.map(level -> Fields.of("level", level)).orElse(Fields.none())));
  }

  private static void requireValid(String subject) {
    boolean valid =
        !subject.isEmpty()
            && subject.length() <= LONGEST_SUBJECT
            && subject
                .chars()
                .noneMatch(c -> c == '*' || Character.isWhitespace(c) || Character.isISOControl(c));
    if (!valid) {
      throw RegistryException.invalidSubject(subject);
    }
  }
}
