package dev.troth.server.objective;

import dev.troth.server.counting.CountedStore;
import dev.troth.server.counting.Counting;
import dev.troth.server.db.Database;
import dev.troth.server.history.Reading;
import dev.troth.server.history.ShownFigures;
import dev.troth.server.incident.AlertTeller;
import dev.troth.server.incident.OrphanedIncidents;
import dev.troth.server.ops.Lifecycle;
import dev.troth.server.telemetry.Batch;
import dev.troth.server.telemetry.Stage;
import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.alert.Event;
import dev.troth.slo.chain.Requests.Limits;
import dev.troth.slo.engine.ObjectiveEngine;
import dev.troth.slo.engine.ObjectiveStatus;
import dev.troth.slo.engine.SloEngine;
import dev.troth.slo.file.FileError;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.objective.Objective;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The objectives of the platform: fed with what was received, evaluated every second, stored.
 *
 * <p>Open requests, streams of counters, buckets, alert memories, changes and the cursor are one
 * transaction. After a crash the stored spans are joined again without being counted, and counting
 * goes on after the cursor; so everything that was acknowledged counts exactly once. After a commit
 * that failed it is the same: nothing of it stays in memory. Times in which nothing could be
 * counted are kept as gaps.
 */
public final class ObjectiveStage implements Lifecycle, Stage {
  private static final Logger LOG = System.getLogger(ObjectiveStage.class.getName());
  private static final Duration EVALUATE_EVERY = Duration.ofSeconds(1);
  private static final Duration CURSOR_EVERY = Duration.ofSeconds(10);
  private static final Duration RETRY_EVERY = Duration.ofSeconds(2);
  private static final Duration TRIM_EVERY = Duration.ofHours(1);

  /** A pause up to this long is bridged: senders keep what was not acknowledged and try again. */
  private static final Duration SHORT_PAUSE = Duration.ofMinutes(1);

  private static final String NOT_RUNNING = "the platform was not running";

  /** Clocks are set back by this much in daily work; then time stands still for as long. */
  private static final Duration SMALL_STEP = Duration.ofSeconds(5);

  private final Database database;
  private final Clock clock;
  private final Limits limits;
  private final boolean shared;
  private final Loaded loaded;
  private final AlertTeller teller;
  private final BucketStore store = new BucketStore();
  private final StoredEngines engines;
  private final OrphanedIncidents orphans;
  private final CountedStore countedElsewhere = new CountedStore();
  private final ReentrantLock lock = new ReentrantLock();
  private final ShownFigures shown = new ShownFigures(lock.newCondition());
  private final Map<String, AlertMemory> saved = new HashMap<>();
  private final List<Event> untold = new ArrayList<>();
  private final Map<String, Long> losses = new LinkedHashMap<>();
  private final Map<String, Long> lossesBefore = new HashMap<>();
  private final Map<String, Long> sampled = new HashMap<>();
  private final CountedEvents counted;
  private @Nullable Counting counting;
  private final StoredStandings elsewhere;
  private boolean unsure;
  private String pause = NOT_RUNNING;
  private Instant failed = Instant.EPOCH;
  private Instant ticked = Instant.EPOCH;
  private Instant cursor = Instant.EPOCH;
  private Instant trimmed = Instant.EPOCH;

  /**
   * What the objectives work with.
   *
   * @param loaded files already read
   * @param limits how much is kept of open requests
   * @param shared whether others judge requests and hand over sums
   * @param keep how long incidents that are over are known; at least as long as any window
   */
  public record Sources(Loaded loaded, Limits limits, boolean shared, Duration keep) {}

  public ObjectiveStage(Database database, Clock clock, Sources sources, AlertTeller teller) {
    this.database = database;
    this.clock = clock;
    this.loaded = sources.loaded();
    this.limits = sources.limits();
    this.shared = sources.shared();
    this.counted = new CountedEvents(loaded.objectives());
    this.engines = new StoredEngines(loaded.objectives(), limits, store);
    this.elsewhere =
        new StoredStandings(() -> database.read(handle -> engines.stored(handle, clock.instant())));
    this.teller = teller;
    this.orphans = new OrphanedIncidents(loaded, store, teller, sources.keep());
  }

  @Override
  public String name() {
    return "objectives";
  }

  @Override
  public void start() {
    for (FileError problem : loaded.problems()) {
      LOG.log(Level.WARNING, "objective file: " + problem);
    }
    if (database.replicas().isShared()) {
      // Who counts is not known yet.
      return;
    }
    database.write(handle -> {
      load(handle, clock.instant(), pause);
      return true;
    });
  }

  @Override
  public void takenOver() {
    locked(() -> {
      unsure = true;
      pause = NOT_RUNNING;
      untold.clear();
      return true;
    });
  }

  @Override
  public void handedOver() {
    locked(() -> {
      counting = null;
      unsure = true;
      return true;
    });
  }

  @Override
  public void stop() {}

  /** Builds the engine from what is stored. */
  private void load(Handle handle, Instant now, String why) {
    Optional<Instant> last = store.cursor(handle);
    if (last.isPresent() && last.get().isAfter(now.plus(SMALL_STEP))) {
      setBack(handle, last.get(), now);
      last = Optional.of(now);
    } else if (last.isPresent() && last.get().plus(SHORT_PAUSE).isBefore(now)) {
      store.saveGap(handle, last.get(), now, why);
    }
    orphans.end(handle, now);
    List<ObjectiveEngine> built = engines.restored(handle, now);
    built.forEach(one -> store.restoreGroups(handle, one, now));
    saved.clear();
    built.forEach(one -> saved.putAll(one.memories()));
    built.forEach(one -> one.sampledBefore(sampled.getOrDefault(one.objective().name(), 0L)));
    SloEngine engine = new SloEngine(built, limits);
    counting = Counting.load(handle, engine, limits, last, now);
    lossesBefore.putAll(losses);
    counting().losses().keySet().forEach(reason -> losses.putIfAbsent(reason, 0L));
    store.saveCursor(handle, now);
    ticked = now;
    cursor = now;
    shown.load(handle, built, now);
  }

  /** Moves what was counted in a time that has not come yet to the present. */
  private void setBack(Handle handle, Instant from, Instant now) {
    LOG.log(Level.WARNING, "the clock was set back from " + from + " to " + now);
    store.saveGap(handle, now, from, "the clock was set back: counts were moved to its start");
    shown.setBack(handle, now);
    store.setBack(handle, now);
    Instant judged = now.minus(limits.watermark()).minusMillis(1);
    Counting.setBack(handle, now, from.minus(limits.watermark()), judged);
  }

  @Override
  public void take(Handle handle, List<Batch> batches, Instant now) {
    locked(() -> {
      if (unsure || now.plus(SMALL_STEP).isBefore(ticked)) {
        goBack(handle, now);
      }
      Instant at = now.isBefore(ticked) ? ticked : now;
      batches.forEach(batch -> counting().feed(batch, at));
      counting().takeCounted(handle);
      tick(at);
      save(handle, at);
      return true;
    });
  }

  /** Stores what there is and begins anew from it, in the time that it is now. */
  private void goBack(Handle handle, Instant now) {
    if (!unsure) {
      save(handle, ticked);
    }
    untold.clear();
    // Until this is committed, memory and store may disagree; then it is done again.
    unsure = true;
    load(handle, now, pause);
    pause = "nothing could be stored";
  }

  private void tick(Instant at) {
    untold.addAll(engine().tick(at));
    ticked = at;
  }

  private void save(Handle handle, Instant at) {
    shown.save(handle, engine().objectives(), at);
    for (ObjectiveEngine one : engine().objectives()) {
      if (!one.pending().isEmpty()) {
        store.save(handle, one.objective(), one.pending());
      }
      one.memories()
          .forEach((name, memory) -> {
            if (!memory.equals(saved.get(name))) {
              store.saveMemory(handle, name, memory);
            }
          });
    }
    teller.take(handle, untold, at);
    counting().save(handle, at);
    store.saveCursor(handle, at);
    if (database.replicas().isShared()) {
      store.saveLosses(handle, lossesHere());
    }
    if (trimmed.plus(TRIM_EVERY).isBefore(at)) {
      Duration keep = engines.longestWindow().plusDays(2);
      store.trim(handle, at, keep);
      orphans.end(handle, store.trimGroups(handle, engine().objectives(), at, keep), at);
      orphans.trim(handle, at, keep);
      shown.trim(handle, at);
      trimmed = at;
    }
  }

  @Override
  public void committed() {
    locked(() -> {
      for (ObjectiveEngine one : engine().objectives()) {
        counted.add(one);
        one.pending().clear();
        saved.putAll(one.memories());
        sampled.put(one.objective().name(), one.sampled());
      }
      counting().committed();
      counting()
          .losses()
          .forEach(
              (reason, count) -> losses.put(reason, lossesBefore.getOrDefault(reason, 0L) + count));
      untold.clear();
      cursor = ticked;
      unsure = false;
      shown.committed(this::standingsHere);
      return true;
    });
  }

  /** Memory is ahead of the store; the next time begins anew from the store. */
  @Override
  public void failed(Instant now) {
    locked(() -> {
      unsure = true;
      failed = now;
      return true;
    });
  }

  @Override
  public boolean pending(Instant now) {
    boolean waits = shared && database.read(countedElsewhere::waits);
    return locked(() -> {
      if (unsure) {
        // Beginning anew reads much: not at every look at the clock while the disk is full.
        return now.isBefore(failed) || !now.isBefore(failed.plus(RETRY_EVERY));
      }
      if (now.isBefore(ticked.minus(SMALL_STEP))) {
        return true;
      }
      if (!now.isBefore(ticked.plus(EVALUATE_EVERY))) {
        tick(now);
      }
      return waits || !now.isBefore(cursor.plus(CURSOR_EVERY)) || isAhead();
    });
  }

  private boolean isAhead() {
    return !untold.isEmpty() || engine().objectives().stream().anyMatch(shown::isAhead);
  }

  @Override
  public boolean hasRoom() {
    return locked(() -> !engine().requests().full());
  }

  private Counting counting() {
    Counting current = counting;
    if (current == null) {
      throw new IllegalStateException("the objectives have not started");
    }
    return current;
  }

  private SloEngine engine() {
    return counting().engine();
  }

  /** Reads from the engine while nobody feeds it. */
  <T> T reading(Function<SloEngine, T> reader) {
    return locked(() -> reader.apply(engine()));
  }

  private <T> T locked(java.util.function.Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** How every objective stands. */
  public List<ObjectiveStatus> standings() {
    return isCountedHere() ? locked(this::standingsHere) : elsewhere.get().reading().standings();
  }

  private List<ObjectiveStatus> standingsHere() {
    return engine().objectives().stream().map(ObjectiveEngine::standing).toList();
  }

  /** How every objective stands at an instant to which one can go back: what is stored by then. */
  Reading reading() {
    if (!isCountedHere()) {
      return elsewhere.get().reading();
    }
    return locked(() ->
        unsure
            ? new Reading(null, standingsHere())
            : shown.reading(isAhead(), ticked, this::standingsHere));
  }

  /** Looks back at what is stored. */
  StoredEngines engines() {
    return engines;
  }

  private boolean isCountedHere() {
    return locked(() -> counting != null);
  }

  /** What the files say. */
  List<Objective> definitions() {
    return loaded.objectives();
  }

  /** What was received and not counted, by reason, since the start. */
  public Map<String, Long> losses() {
    return isCountedHere() ? lossesHere() : elsewhere.get().losses();
  }

  private Map<String, Long> lossesHere() {
    return locked(() -> {
      Map<String, Long> counts = new LinkedHashMap<>(losses);
      counts.put("sampled", sampled.values().stream().mapToLong(Long::longValue).sum());
      return counts;
    });
  }

  /** What is wrong with the files. */
  public List<FileError> problems() {
    return loaded.problems();
  }

  Database database() {
    return database;
  }

  Instant now() {
    return clock.instant();
  }

  /** What was counted since the start. */
  CountedEvents counted() {
    return counted;
  }
}
