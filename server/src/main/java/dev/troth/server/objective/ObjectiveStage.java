package dev.troth.server.objective;

import dev.troth.server.db.Database;
import dev.troth.server.ops.Lifecycle;
import dev.troth.server.telemetry.Batch;
import dev.troth.server.telemetry.MetricPoint;
import dev.troth.server.telemetry.SpanRecord;
import dev.troth.server.telemetry.Stage;
import dev.troth.server.trace.TraceStore;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The objectives of the platform: fed with what was received, evaluated every second, stored with
 * what they tell.
 *
 * <p>Spans, buckets, alert memories, changes and the cursor are one transaction. After a crash the
 * stored spans of the last hour are joined again without being counted, and counting goes on after
 * the cursor; so every acknowledged span counts exactly once. Times in which nothing could be
 * counted are kept as gaps.
 */
public final class ObjectiveStage implements Lifecycle, Stage {
  private static final Logger LOG = System.getLogger(ObjectiveStage.class.getName());
  private static final Duration EVALUATE_EVERY = Duration.ofSeconds(1);
  private static final Duration CURSOR_EVERY = Duration.ofSeconds(10);
  private static final Duration TRIM_EVERY = Duration.ofHours(1);

  /** A pause up to this long is bridged: senders keep what was not acknowledged and try again. */
  private static final Duration SHORT_PAUSE = Duration.ofMinutes(1);

  /** Clocks are set back by this much in daily work; then time stands still for as long. */
  private static final Duration SMALL_STEP = Duration.ofSeconds(5);

  private final Database database;
  private final Clock clock;
  private final Limits limits;
  private final Loaded loaded;
  private final TraceStore traces;
  private final AlertChanges changes;
  private final BucketStore store = new BucketStore();
  private final IncidentStore incidents = new IncidentStore();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, AlertMemory> saved = new HashMap<>();
  private final List<Event> untold = new ArrayList<>();
  private @Nullable SloEngine engine;
  private CounterStreams streams = new CounterStreams(Instant.EPOCH);
  private boolean unsure;
  private Instant ticked = Instant.EPOCH;
  private Instant cursor = Instant.EPOCH;
  private Instant trimmed = Instant.EPOCH;

  /** What the objectives work with: files already read, and where spans are kept. */
  public record Sources(Loaded loaded, Limits limits, TraceStore traces) {}

  public ObjectiveStage(Database database, Clock clock, Sources sources, AlertChanges changes) {
    this.database = database;
    this.clock = clock;
    this.loaded = sources.loaded();
    this.limits = sources.limits();
    this.traces = sources.traces();
    this.changes = changes;
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
    database.write(handle -> {
      load(handle, clock.instant());
      return true;
    });
  }

  @Override
  public void stop() {}

  /** Builds the engine from what is stored. */
  private void load(Handle handle, Instant now) {
    Optional<Instant> last = store.cursor(handle);
    if (last.isPresent() && last.get().isAfter(now.plus(SMALL_STEP))) {
      setBack(handle, last.get(), now);
      last = Optional.of(now);
    } else if (last.isPresent() && last.get().plus(SHORT_PAUSE).isBefore(now)) {
      store.saveGap(handle, last.get(), now, "the platform was not running");
    }
    List<ObjectiveEngine> engines = new ArrayList<>();
    saved.clear();
    for (Objective objective : loaded.objectives()) {
      AlertMemory memory =
          store
              .memory(handle, objective.name())
              .map(stored -> stored.notAfter(now.getEpochSecond()))
              .orElseGet(() -> AlertMemory.fresh(now.getEpochSecond()));
      saved.put(objective.name(), memory);
      Duration window = objective.goal().window().length();
      var one = new ObjectiveEngine(objective, memory, now.minus(window).minusSeconds(1_200));
      store.restore(handle, one, now);
      engines.add(one);
    }
    SloEngine built = new SloEngine(engines, limits);
    if (last.isPresent()) {
      Duration reach = limits.lateness().plus(limits.watermark()).plusMinutes(10);
      traces.replay(handle, last.get().minus(reach), built::accept);
      built.rejoin(last.get());
    }
    store.saveCursor(handle, now);
    streams = new CounterStreams(now);
    ticked = now;
    cursor = now;
    engine = built;
  }

  /** Moves what was counted in a time that has not come yet to the present. */
  private void setBack(Handle handle, Instant from, Instant now) {
    LOG.log(Level.WARNING, "the clock was set back from " + from + " to " + now);
    store.saveGap(handle, now, from, "the clock was set back: counts were moved to its start");
    store.setBack(handle, now);
    Instant judged = now.minus(limits.watermark()).minusMillis(1);
    traces.setBack(handle, now, from.minus(limits.watermark()), judged);
  }

  @Override
  public void take(Handle handle, List<Batch> batches, Instant now) {
    locked(() -> {
      if (unsure || now.plus(SMALL_STEP).isBefore(ticked)) {
        goBack(handle, now);
      }
      Instant at = now.isBefore(ticked) ? ticked : now;
      for (Batch batch : batches) {
        feed(batch, at);
      }
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
    load(handle, now);
  }

  private void feed(Batch batch, Instant at) {
    SloEngine current = engine();
    for (SpanRecord record : batch.spans()) {
      current.accept(record.span(), at);
    }
    for (MetricPoint point : batch.points()) {
      int increment = streams.increment(point);
      if (increment > 0) {
        current.count(point.metric(), point.attributes(), point.at(), increment);
      }
    }
  }

  private void tick(Instant at) {
    untold.addAll(engine().tick(at));
    ticked = at;
  }

  private void save(Handle handle, Instant at) {
    for (ObjectiveEngine one : engine().objectives()) {
      if (!one.pending().isEmpty()) {
        store.save(handle, one.objective(), one.pending());
      }
      AlertMemory memory = one.memory();
      if (!memory.equals(saved.get(one.objective().name()))) {
        store.saveMemory(handle, one.objective().name(), memory);
      }
    }
    for (Event event : untold) {
      incidents.save(handle, event);
      changes.tell(handle, event);
    }
    store.saveCursor(handle, at);
    if (trimmed.plus(TRIM_EVERY).isBefore(at)) {
      store.trim(handle, at, longestWindow().plusDays(2));
      trimmed = at;
    }
  }

  private Duration longestWindow() {
    return loaded.objectives().stream()
        .map(objective -> objective.goal().window().length())
        .max(Duration::compareTo)
        .orElse(Duration.ofDays(30));
  }

  @Override
  public void committed() {
    locked(() -> {
      for (ObjectiveEngine one : engine().objectives()) {
        one.pending().clear();
        saved.put(one.objective().name(), one.memory());
      }
      untold.clear();
      cursor = ticked;
      unsure = false;
      return true;
    });
  }

  @Override
  public boolean pending(Instant now) {
    return locked(() -> {
      if (unsure || now.isBefore(ticked.minus(SMALL_STEP))) {
        return true;
      }
      if (!now.isBefore(ticked.plus(EVALUATE_EVERY))) {
        tick(now);
      }
      return !untold.isEmpty()
          || !now.isBefore(cursor.plus(CURSOR_EVERY))
          || engine().objectives().stream().anyMatch(one -> !one.pending().isEmpty());
    });
  }

  @Override
  public boolean hasRoom() {
    return locked(() -> !engine().requests().full());
  }

  private SloEngine engine() {
    SloEngine current = engine;
    if (current == null) {
      throw new IllegalStateException("the objectives have not started");
    }
    return current;
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
    return reading(
        current -> current.objectives().stream().map(ObjectiveEngine::standing).toList());
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

  IncidentStore incidents() {
    return incidents;
  }
}
