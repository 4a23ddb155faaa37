package dev.troth.server.registry;

import dev.troth.contracts.Contract;
import dev.troth.contracts.Finding;
import dev.troth.contracts.Version;
import dev.troth.contracts.compatibility.Comparison;
import dev.troth.contracts.compatibility.ContractJudge;
import dev.troth.contracts.compatibility.Layer;
import dev.troth.contracts.compatibility.Mode;
import dev.troth.contracts.proof.Answer;
import dev.troth.json.JsonWriter;
import dev.troth.server.db.Database;
import dev.troth.server.registry.SubjectStore.Stamp;
import dev.troth.server.registry.schema.Registered;
import dev.troth.server.registry.schema.RegistryException;
import dev.troth.server.registry.schema.Setting;
import dev.troth.server.registry.schema.StoredContract;
import dev.troth.server.registry.schema.SubjectName;
import dev.troth.server.registry.schema.Submission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Compares a schema with the versions of a subject, in the layer evolution. It runs outside of any
 * transaction, because a proof may take seconds.
 */
final class Comparer {
  private static final int COMPARED_AT_ONCE = 2;
  private static final long PATIENCE_SECONDS = 20;

  /** How many versions are held at a time. */
  private static final int AT_A_TIME = 50;

  /** How many contracts of a subject are looked at for those that belong together. */
  private static final int MOST_TOGETHER = 2_000;

  /** A subject with more reasons than these has enough of them. */
  private static final int MOST_REASONS = 100;

  private final Database database;
  private final RegistryStore store;
  private final References references;
  private final Semaphore comparing = new Semaphore(COMPARED_AT_ONCE, true);

  Comparer(Database database, RegistryStore store, References references) {
    this.database = database;
    this.store = store;
    this.references = references;
  }

  /** A schema against all versions that the level asks for. */
  Compatibility all(SubjectName subject, Submission schema, Stamp stamp, Setting setting) {
    Next given = new Next(subject, schema, references.read(subject, schema));
    StoredContract next = given.contract();
    Mode level = setting.level().orElse(Mode.NONE);
    if (level == Mode.NONE || stamp.isEmpty()) {
      return Compatibility.fine(schema);
    }
    // Each counts alone then: no contract says which of them belong together.
    boolean oneByOne = stamp.plain() && next.isPlain() && setting.group().isEmpty();
    if (oneByOne && !level.transitive()) {
      // Versions that are nothing but schemas follow each other: the last stands for all.
      List<Registered> last = database.read(handle -> store.from(handle, subject, stamp.last(), 1));
      return judge(given, last, level);
    }
    if (!oneByOne) {
      // The contracts say which of them belong together, so they are looked at together.
      List<Registered> newest =
          database.read(handle -> store.newest(handle, subject, MOST_TOGETHER));
      if (level.transitive() && newest.size() < stamp.count()) {
        throw RegistryException.notPermitted(
            "Subject %s has %d versions with contracts, more than %s can be decided for: the newest"
                    .formatted(subject, stamp.count(), level)
                + " %d are compared together; expected a level without _TRANSITIVE"
                    .formatted(newest.size()));
      }
      return judge(
          given, newest.stream().filter(one -> sameGroup(setting, schema, one)).toList(), level);
    }
    Compatibility found = Compatibility.fine(schema);
    for (int from = 1; found.reasons().size() < MOST_REASONS; ) {
      int begin = from;
      List<Registered> part =
          database.read(handle -> store.from(handle, subject, begin, AT_A_TIME));
      if (part.isEmpty()) {
        break;
      }
      from = part.getLast().version() + 1;
      found = found.and(judge(given, part, level));
    }
    return found;
  }

  private static boolean sameGroup(Setting setting, Submission schema, Registered one) {
    return setting
        .group()
        .map(group -> schema.property(group).equals(one.schema().property(group)))
        .orElse(true);
  }

  /** A schema against some versions, oldest first. */
  Compatibility some(SubjectName subject, Submission schema, List<Registered> earlier, Mode level) {
    return judge(new Next(subject, schema, references.read(subject, schema)), earlier, level);
  }

  /** A schema that is to follow, as it came and as it is read. */
  private record Next(SubjectName subject, Submission schema, StoredContract contract) {}

  private Compatibility judge(Next given, List<Registered> earlier, Mode level) {
    Submission schema = given.schema();
    StoredContract next = given.contract();
    if (level == Mode.NONE || earlier.isEmpty()) {
      return Compatibility.fine(schema);
    }
    String name = given.subject().qualified();
    boolean alone = schema.references().isEmpty();
    List<Contract> before = new ArrayList<>();
    Version version = new Version(1, 0, 0, "");
    for (Registered registered : earlier) {
      StoredContract stored = references.read(registered.subject(), registered.schema());
      version = stored.versioned() ? stored.contract().version() : after(version);
      before.add(stored.as(name, version));
      alone &= registered.schema().references().isEmpty();
    }
    Contract asked = next.as(name, next.versioned() ? next.contract().version() : after(version));
    boolean entered = false;
    try {
      entered = comparing.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!entered) {
        throw RegistryException.busy();
      }
      return compatibility(new ContractJudge(level, Layer.EVOLUTION).judge(asked, before), alone);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RegistryException.busy();
    } finally {
      if (entered) {
        comparing.release();
      }
    }
  }

  private static Compatibility compatibility(ContractJudge.Result result, boolean alone) {
    return new Compatibility(
        result.passes(),
        result.findings().stream()
            .filter(Finding::isError)
            .map(finding -> finding.message() + " [" + finding.rule() + "]")
            .limit(MOST_REASONS)
            .toList(),
        result.passes()
            ? List.of()
            : result.judgement().comparisons().stream()
                .flatMap(comparison -> example(comparison).stream())
                .limit(MOST_REASONS)
                .toList(),
        alone
            && result.judgement().comparisons().stream()
                .noneMatch(comparison -> comparison.answer() instanceof Answer.Unknown));
  }

  private static Optional<String> example(Comparison comparison) {
    return comparison.answer() instanceof Answer.Refuted(var document)
        ? Optional.of(
            "{\"counterexample\":%s,\"version\":\"%s\",\"direction\":\"%s\"}"
                .formatted(
                    JsonWriter.compact(document), comparison.against(), comparison.direction()))
        : Optional.empty();
  }

  /** A schema that says no version is a minor version of what it follows. */
  private static Version after(Version version) {
    return new Version(version.major(), version.minor() + 1, 0, "");
  }
}
