package dev.troth.server.registry;

import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.Finding;
import dev.troth.contracts.Version;
import dev.troth.contracts.compatibility.Comparison;
import dev.troth.contracts.compatibility.ContractJudge;
import dev.troth.contracts.compatibility.Judgement;
import dev.troth.contracts.compatibility.Layer;
import dev.troth.contracts.compatibility.Mode;
import dev.troth.contracts.difference.ContractDifferences;
import dev.troth.contracts.difference.Difference;
import dev.troth.contracts.proof.Answer;
import dev.troth.json.JsonWriter;
import dev.troth.server.db.Database;
import dev.troth.server.error.DomainException;
import dev.troth.server.registry.schema.Deleted;
import dev.troth.server.registry.schema.Page;
import dev.troth.server.registry.schema.Registered;
import dev.troth.server.registry.schema.RegistryException;
import dev.troth.server.registry.schema.Setting;
import dev.troth.server.registry.schema.StoredContract;
import dev.troth.server.registry.schema.SubjectName;
import dev.troth.watch.change.Subject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/**
 * The registry as people look at it: which contracts there are, how two versions of one differ,
 * whom the difference breaks, and who depends on it.
 *
 * <p>Two versions and a level always have the same answer, so the last answers are kept.
 */
public final class Catalogue {
  private static final int MOST_CONSUMERS = 1_000;
  private static final int KEPT = 200;
  private static final long PATIENCE_SECONDS = 20;

  /** Every context, by their names. */
  private static final String EVERYWHERE = ":*:";

  private final Database database;
  private final RegistryStore store = new RegistryStore();
  private final ListStore lists = new ListStore();
  private final ConsumerStore consumers = new ConsumerStore();
  private final SettingStore settings = new SettingStore();
  private final References references;
  private final Semaphore proving = new Semaphore(1, true);
  private final Map<Asked, Verdict> kept = new LinkedHashMap<>(16, 0.75f, true);

  public Catalogue(Database database) {
    this.database = database;
    this.references = new References(database, store);
  }

  /** A registered contract, as its list shows it. */
  public record Entry(String subject, int version, String language, String level, int consumers) {}

  /**
   * A registered contract.
   *
   * @param watched what those watch who want to be told of it
   * @param versions their numbers, newest first
   * @param level how versions have to fit each other, {@code BACKWARD} if nobody set one
   * @param schema the text of the latest version
   */
  public record Detail(
      String subject,
      Subject watched,
      List<Integer> versions,
      String level,
      String language,
      String schema,
      List<Reader> readers) {}

  /** Somebody who depends on a version. */
  public record Reader(String name, int version, String user, Instant since) {}

  /**
   * How a version differs from an earlier one.
   *
   * @param outcome whether it was proved that the later one may follow
   * @param allowed whether the registry would take it, whatever the proof came to
   * @param examples documents that break, at most one a direction
   */
  public record Verdict(
      int from,
      int to,
      Judgement.Outcome outcome,
      boolean allowed,
      List<Difference> differences,
      List<Finding> findings,
      List<Example> examples) {}

  /**
   * A document that one version takes and the other does not.
   *
   * @param direction {@code backward}: the later version is to read what was written before
   */
  public record Example(String direction, String document) {}

  private record Asked(String from, String to, Mode level) {}

  /** Contracts by their names. */
  public List<Entry> list(int offset, int limit) {
    return database.read(handle ->
        lists.subjects(handle, EVERYWHERE, Deleted.LEFT_OUT, new Page(offset, limit)).stream()
            .map(SubjectName::of)
            .flatMap(subject -> entry(handle, subject).stream())
            .toList());
  }

  private Optional<Entry> entry(Handle handle, SubjectName subject) {
    return store
        .latest(handle, subject, Deleted.LEFT_OUT)
        .map(latest ->
            new Entry(
                subject.qualified(),
                latest.version(),
                latest.schema().kind().name(),
                level(settings.effective(handle, subject)).name(),
                consumers.count(handle, subject)));
  }

  /** The registered contract that a subject of the change log is of, if there is one. */
  public Optional<String> of(Subject subject) {
    return database.read(handle ->
        List.of(subject.id() + "-value", subject.id()).stream()
            .map(SubjectName::of)
            .filter(name -> name.watched().equals(subject))
            .filter(name -> store.latest(handle, name, Deleted.LEFT_OUT).isPresent())
            .map(SubjectName::qualified)
            .findFirst());
  }

  /** One contract. */
  public Detail one(String name) {
    SubjectName subject = SubjectName.of(name);
    return database.read(handle -> {
      Registered latest =
          store
              .latest(handle, subject, Deleted.LEFT_OUT)
              .orElseThrow(() -> missing("contract %s is not registered".formatted(name)));
      return new Detail(
          subject.qualified(),
          subject.watched(),
          store.numbers(handle, subject, Deleted.LEFT_OUT, Page.WHOLE).reversed(),
          level(settings.effective(handle, subject)).name(),
          latest.schema().kind().name(),
          latest.schema().text(),
          consumers.of(handle, subject, MOST_CONSUMERS).stream()
              .map(one -> new Reader(one.consumer(), one.version(), one.user(), one.since()))
              .toList());
    });
  }

  private static Mode level(Setting setting) {
    return setting.level().orElse(Registry.USUAL);
  }

  private static DomainException missing(String what) {
    return new DomainException.NotFound(what);
  }

  /** How two versions differ. Where nothing is required of versions, both ways are looked at. */
  public Verdict compare(String name, int from, int to) {
    SubjectName subject = SubjectName.of(name);
    List<Registered> both =
        database.read(
            handle -> List.of(version(handle, subject, from), version(handle, subject, to)));
    Mode set = database.read(handle -> level(settings.effective(handle, subject)));
    Mode level = set == Mode.NONE ? Mode.FULL : set;
    Asked asked = new Asked(both.getFirst().guid(), both.getLast().guid(), level);
    synchronized (kept) {
      Verdict known = kept.get(asked);
      if (known != null && known.from() == from && known.to() == to) {
        return known;
      }
    }
    Verdict found = translated(() -> judged(both.getFirst(), both.getLast(), level));
    synchronized (kept) {
      kept.put(asked, found);
      if (kept.size() > KEPT) {
        kept.remove(kept.keySet().iterator().next());
      }
    }
    return found;
  }

  private Registered version(Handle handle, SubjectName subject, int number) {
    return store
        .version(handle, subject, number, Deleted.LEFT_OUT)
        .orElseThrow(() -> missing("%s has no version %d".formatted(subject, number)));
  }

  private Verdict judged(Registered from, Registered to, Mode level) {
    StoredContract before = references.read(from.subject(), from.schema());
    StoredContract after = references.read(to.subject(), to.schema());
    String name = from.subject().qualified();
    Version first = before.versioned() ? before.contract().version() : new Version(1, 0, 0, "");
    Version second =
        after.versioned()
            ? after.contract().version()
            : new Version(first.major(), first.minor() + 1, 0, "");
    Contract old = before.as(name, first);
    Contract next = after.as(name, second);
    ContractJudge.Result result =
        proved(() -> new ContractJudge(level, Layer.EVOLUTION).judge(next, List.of(old)));
    return new Verdict(
        from.version(),
        to.version(),
        result.judgement().outcome(),
        result.passes(),
        // The number of a version that says none is ours alone.
        ContractDifferences.of(old, after.versioned() ? next : after.as(name, first)),
        result.findings().stream()
            .map(finding -> before.versioned() ? finding : numbered(finding, first, from.version()))
            .toList(),
        result.judgement().comparisons().stream()
            .flatMap(comparison -> example(comparison).stream())
            .toList());
  }

  /** The registry's number in place of one that the comparison had to make up. */
  private static Finding numbered(Finding finding, Version made, int number) {
    return new Finding(
        finding.rule(),
        finding.severity(),
        finding.location(),
        finding.message().replace("version " + made, "version " + number),
        finding.cure());
  }

  /** One proof at a time: each may take a second, and anybody who reads may ask. */
  private <R> R proved(Supplier<R> proof) {
    boolean entered = false;
    try {
      entered = proving.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!entered) {
        throw RegistryException.busy();
      }
      return proof.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RegistryException.busy();
    } finally {
      if (entered) {
        proving.release();
      }
    }
  }

  private static Optional<Example> example(Comparison comparison) {
    return comparison.answer() instanceof Answer.Refuted(var document)
        ? Optional.of(new Example(comparison.direction().toString(), JsonWriter.compact(document)))
        : Optional.empty();
  }

  private static <R> R translated(Supplier<R> what) {
    try {
      return what.get();
    } catch (RegistryException e) {
      throw new DomainException.Conflict(String.valueOf(e.getMessage()));
    } catch (ContractException e) {
      throw new DomainException.Conflict(String.valueOf(e.getMessage()));
    }
  }
}
