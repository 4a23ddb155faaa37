package dev.troth.server.objective;

import dev.troth.server.agent.Unseen;
import dev.troth.server.agent.UnseenStore;
import dev.troth.server.breakdown.Breakdown;
import dev.troth.server.db.Database;
import dev.troth.server.history.LaterCounts;
import dev.troth.server.history.Reading;
import dev.troth.server.incident.Holds;
import dev.troth.server.incident.Incidents;
import dev.troth.server.objective.ObjectiveDetail.ChainView;
import dev.troth.server.objective.ObjectiveDetail.Latency;
import dev.troth.server.objective.ObjectiveDetail.Notes;
import dev.troth.server.objective.ObjectiveDetail.Policy;
import dev.troth.server.objective.ObjectiveDetail.StepView;
import dev.troth.server.objective.ObjectiveDetail.Stretch;
import dev.troth.server.trace.BadView;
import dev.troth.server.trace.VerdictView;
import dev.troth.slo.alert.State;
import dev.troth.slo.chain.Chain;
import dev.troth.slo.chain.Judge;
import dev.troth.slo.chain.Span;
import dev.troth.slo.chain.Step;
import dev.troth.slo.chain.Verdict;
import dev.troth.slo.engine.ObjectiveStatus;
import dev.troth.slo.file.FileError;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What people ask about objectives: the list, one in detail, verdicts of a trace. */
public final class Objectives {
  private static final int MOST_ALERTS = 50;

  private final ObjectiveStage objectives;
  private final Incidents incidents;
  private final Database database;
  private final UnseenStore unseen = new UnseenStore();
  private final BucketStore buckets = new BucketStore();
  private final Breakdown breakdown;

  /**
   * @param watermark windows end so long ago, when requests have all their spans
   */
  public Objectives(
      ObjectiveStage objectives, Incidents incidents, Database database, Duration watermark) {
    this.objectives = objectives;
    this.incidents = incidents;
    this.database = database;
    this.breakdown =
        new Breakdown(
            objectives.definitions(), database, objectives::now, watermark, buckets::memories);
  }

  /**
   * The list of all objectives, and of what could not be read of the files.
   *
   * @param asOf the instant of the figures, which shows the same again; null while it cannot
   */
  public record ObjectiveList(
      Instant now, @Nullable Instant asOf, List<ObjectiveEntry> objectives) {}

  /** All objectives as they stand. */
  public ObjectiveList list() {
    Instant now = objectives.now();
    Reading reading = objectives.reading();
    return list(
        now,
        reading.at(),
        database.read(handle ->
            reading.standings().stream()
                .map(standing -> view(handle, Figures.of(handle, objectives, standing, reading)))
                .toList()));
  }

  /** All objectives as they stood at an instant. */
  public ObjectiveList list(Instant at) {
    Instant now = objectives.now();
    return list(
        now,
        at,
        database.read(handle -> {
          objectives.engines().require(handle, at, now);
          // One that was added since leaves the others as they were.
          return objectives.definitions().stream()
              .filter(objective -> objectives.engines().wasThere(handle, objective, at))
              .map(objective -> view(handle, Figures.past(handle, objectives, objective, at)))
              .toList();
        }));
  }

  private ObjectiveList list(Instant now, @Nullable Instant asOf, List<ObjectiveView> found) {
    List<ObjectiveEntry> views = new ArrayList<>(found);
    List<FileError> problems = objectives.problems();
    for (int i = 0; i < problems.size(); i++) {
      views.add(new BrokenFile(i + 1, problems.get(i)));
    }
    return new ObjectiveList(now, asOf, views);
  }

  /** How groups of objectives stand. */
  public Breakdown breakdown() {
    return breakdown;
  }

  /** How many objectives page or ticket now, or did when their telemetry was lost. */
  public long burning() {
    return objectives.standings().stream()
        .filter(one -> isBurning(one.alerts().state(), one.alerts().incident()))
        .count();
  }

  /** Whether an objective uses up its budget too fast, as {@link #burning} counts it. */
  public static boolean isBurning(ObjectiveView view) {
    return isBurning(view.status().state(), view.incident() == null ? "" : view.incident());
  }

  /** What is frozen resolves nothing, so its incident is as open as before. */
  private static boolean isBurning(State state, String incident) {
    return state == State.PAGE || state == State.TICKET || !incident.isEmpty();
  }

  /** The steps of an objective, none if it has no chain; empty if there is no such objective. */
  public Optional<List<String>> steps(String name) {
    return objectives.definitions().stream()
        .filter(objective -> objective.name().equals(name))
        .findFirst()
        .map(objective ->
            objective
                .chain()
                .map(chain -> chain.steps().stream().map(Step::name).toList())
                .orElse(List.of()));
  }

  private ObjectiveView view(Handle handle, Figures figures) {
    ObjectiveStatus standing = figures.standing();
    Instant at = figures.at();
    String name = standing.objective().name();
    Instant from = standing.objective().goal().window().start(at);
    long gap = ChartStore.gaps(handle, from, at).stream().mapToLong(ChartStore.Gap::minutes).sum();
    Double p95 = ChartStore.p95(handle, name, at, figures.later());
    Optional<Unseen> missed =
        UnseenView.services(standing.objective())
            .flatMap(services -> unseen.since(handle, services, from));
    String incident = standing.alerts().incident();
    Holds holds =
        incident.isEmpty() || figures.isPast()
            ? Holds.NONE
            : incidents.of(handle, Set.of(incident)).getOrDefault(incident, Holds.NONE);
    Map<String, Long> losses = figures.isPast() ? Map.of() : objectives.losses();
    return ObjectiveView.of(
        standing, new ObjectiveView.StoredFigures(p95, gap, losses, missed, holds, at));
  }

  /** One objective; charts reach back over the range, by default over its window. */
  public Optional<ObjectiveDetail> detail(String name, Optional<Duration> range) {
    Instant now = objectives.now();
    Reading reading = objectives.reading();
    return reading.standings().stream()
        .filter(standing -> standing.objective().name().equals(name))
        .findFirst()
        .map(standing ->
            database.read(handle ->
                detail(handle, Figures.of(handle, objectives, standing, reading), now, range)));
  }

  /** One objective as it stood at an instant. */
  public Optional<ObjectiveDetail> detail(String name, Optional<Duration> range, Instant at) {
    Instant now = objectives.now();
    return objectives.definitions().stream()
        .filter(objective -> objective.name().equals(name))
        .findFirst()
        .map(objective ->
            database.read(handle -> {
              objectives.engines().require(handle, at, now);
              return detail(handle, Figures.past(handle, objectives, objective, at), now, range);
            }));
  }

  private ObjectiveDetail detail(
      Handle handle, Figures figures, Instant now, Optional<Duration> range) {
    ObjectiveStatus standing = figures.standing();
    Objective objective = standing.objective();
    Instant at = figures.at();
    LaterCounts later = figures.later();
    Duration window = objective.goal().window().length();
    Instant from = objective.goal().window().start(at);
    Map<String, Long> failed = ChartStore.failed(handle, objective, from, at, later);
    return new ObjectiveDetail(
        now,
        figures.asOf(),
        view(handle, figures),
        objective.title().description(),
        chain(objective, failed, standing.counts().badHigh()),
        ChartStore.series(handle, objective, at, range.orElse(window), later),
        additive(objective, failed, standing.counts().total()),
        incidents.alerts(handle, objective.name(), MOST_ALERTS, at, standing.alerts()),
        new Notes(
            objective.rules().exclusions().stream()
                .map(e -> new Stretch(e.from(), e.to(), e.reason()))
                .toList(),
            ChartStore.gaps(handle, from, at).stream()
                .map(g -> new Stretch(g.from(), g.to(), g.reason()))
                .toList(),
            objective.rules().policies().stream()
                .map(policy ->
                    new Policy(
                        policy.atPercent(),
                        policy.action(),
                        policy.atPercent() <= standing.alerts().crossed()))
                .toList(),
            MaintenanceView.of(standing.evidence().leftOut(), at)));
  }

  private static @Nullable ChainView chain(
      Objective objective, Map<String, Long> failed, long bad) {
    Chain chain = objective.chain().orElse(null);
    if (chain == null) {
      return null;
    }
    return new ChainView(
        chain.retries(),
        chain.missing(),
        chain.steps().getFirst().name(),
        chain.steps().stream()
            .map(step -> step(step, failed.getOrDefault(step.name(), 0L), bad))
            .toList());
  }

  private static StepView step(Step step, long failed, long bad) {
    return new StepView(
        step.name(),
        step.match().service().orElse(""),
        failed,
        bad <= 0 ? null : (double) failed / bad,
        step.traits().outsideLatency() ? Latency.EXCLUDED : Latency.COUNTED);
  }

  /** Failures of all steps added, as the naive recipe has it; may be below 0. */
  private static @Nullable Double additive(
      Objective objective, Map<String, Long> failed, long total) {
    if (objective.kind() != CountingMethod.EXACT || failed.isEmpty() || total <= 0) {
      return null;
    }
    return 1 - (double) failed.values().stream().mapToLong(Long::longValue).sum() / total;
  }

  /** What the requests of a trace count as, for each objective; one trace may hold several. */
  public List<VerdictView> verdicts(List<Span> trace) {
    List<VerdictView> verdicts = new ArrayList<>();
    for (Objective objective : objectives.definitions()) {
      if (objective.measure() instanceof Measure.Requests requests) {
        for (Verdict verdict : Judge.judge(requests.chain(), trace)) {
          verdicts.add(
              new VerdictView(
                  objective.name(),
                  verdict.outcome(),
                  names(requests.chain(), verdict.failed()),
                  names(requests.chain(), verdict.missing()),
                  verdict.latencyNanos() / 1e6));
        }
      }
    }
    return verdicts;
  }

  /** For which objectives the spans of a trace are a bad request, and why. */
  public List<BadView> bad(List<Span> trace) {
    List<BadView> bad = new ArrayList<>();
    for (Objective objective : objectives.definitions()) {
      switch (objective.measure()) {
        case Measure.Requests(Chain chain, var _) ->
            Judge.judge(chain, trace).stream()
                .filter(verdict -> isBad(chain, verdict.outcome()))
                .map(verdict -> bad(objective, chain, verdict, false))
                .forEach(bad::add);
        case Measure.Latency(Chain chain, Duration threshold) ->
            Judge.judge(chain, trace).stream()
                .filter(verdict -> verdict.outcome() == Verdict.Outcome.GOOD)
                .filter(verdict -> verdict.latencyNanos() > threshold.toNanos())
                .map(verdict -> bad(objective, chain, verdict, true))
                .forEach(bad::add);
        case Measure.Counters _, Measure.Unmeasured _ -> {}
      }
    }
    return bad;
  }

  /** As it is counted: what is not known counts as the chain says. */
  private static boolean isBad(Chain chain, Verdict.Outcome outcome) {
    return switch (outcome) {
      case BAD -> true;
      case UNKNOWN -> chain.missing() == Chain.Missing.BAD;
      case GOOD, IGNORED, SAMPLED -> false;
    };
  }

  private static BadView bad(Objective objective, Chain chain, Verdict verdict, boolean slow) {
    return new BadView(
        objective.name(),
        names(chain, verdict.failed()),
        names(chain, verdict.missing()),
        verdict.latencyNanos() / 1e6,
        slow,
        verdict.group().isEmpty() ? null : verdict.group());
  }

  private static List<String> names(Chain chain, long bits) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < chain.steps().size(); i++) {
      if ((bits & (1L << i)) != 0) {
        names.add(chain.steps().get(i).name());
      }
    }
    return names;
  }
}
