package dev.troth.server.counting;

import dev.troth.server.telemetry.Batch;
import dev.troth.server.telemetry.MetricPoint;
import dev.troth.server.telemetry.SpanRecord;
import dev.troth.slo.chain.Requests.Limits;
import dev.troth.slo.chain.Requests.Losses;
import dev.troth.slo.chain.Requests.Receipt;
import dev.troth.slo.chain.Span;
import dev.troth.slo.engine.SloEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * What was received, given to the objectives: spans joined to requests, points of counters as
 * increments; and stored, so that another one goes on where this one ended.
 *
 * <p>If a commit fails, this one is thrown away with the engine that it fed. Not thread-safe.
 */
public final class Counting {
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(10);

  private final SloEngine engine;
  private final Limits limits;
  private final CounterStreams streams;
  private final CounterStore counters = new CounterStore();
  private final OpenRequestStore open = new OpenRequestStore();
  private final CountedStore counted = new CountedStore();
  private final Map<String, Long> elsewhere = new TreeMap<>();
  private final List<Span> taken = new ArrayList<>();
  private final Set<SloEngine.Use> news = new LinkedHashSet<>();
  private Instant swept = Instant.EPOCH;

  private Counting(SloEngine engine, Limits limits, CounterStreams streams) {
    this.engine = engine;
    this.limits = limits;
    this.streams = streams;
  }

  /**
   * Joins the stored spans again without counting them, and takes the streams as they were left.
   *
   * @param cursor up to when the stored counts are complete; empty if there are none
   */
  public static Counting load(
      Handle handle, SloEngine engine, Limits limits, Optional<Instant> cursor, Instant now) {
    CounterStore counters = new CounterStore();
    CounterStreams streams = counters.load(handle, engine, limits.lateness(), now);
    counters.restoreSignals(handle, engine);
    Counting counting = new Counting(engine, limits, streams);
    cursor.ifPresent(at -> counting.rejoin(handle, at));
    return counting;
  }

  /** Lets an engine stand where the stored counts end, for a look at it: nothing is joined. */
  public static void resume(Handle handle, SloEngine engine, Optional<Instant> cursor) {
    new CounterStore().restoreSignals(handle, engine);
    cursor.ifPresent(engine::resume);
  }

  private void rejoin(Handle handle, Instant cursor) {
    open.rejoin(handle, cursor, engine::accept, engine::rejoin);
    engine.resume(cursor);
  }

  /** After the clock was set back. */
  public static void setBack(Handle handle, Instant now, Instant judgedUntil, Instant judged) {
    new OpenRequestStore().setBack(handle, now, judgedUntil, judged);
  }

  public SloEngine engine() {
    return engine;
  }

  /** Takes what was received. */
  public void feed(Batch batch, Instant at) {
    for (SpanRecord record : batch.spans()) {
      if (engine.accept(record.span(), at) == Receipt.TAKEN) {
        taken.add(record.span());
      }
    }
    for (MetricPoint point : batch.points()) {
      List<SloEngine.Use> uses = engine.uses(point.metric(), point.attributes());
      if (!uses.isEmpty()) {
        streams.increment(point, at).ifPresent(increment -> count(uses, increment));
      }
    }
  }

  /** Takes what other platforms counted of the requests that they judged. */
  public void takeCounted(Handle handle) {
    for (CountedSums one : counted.take(handle)) {
      one.losses().forEach((reason, count) -> elsewhere.merge(reason, count, Long::sum));
      one.objectives()
          .forEach(sums -> {
            if (!engine.add(sums.objective(), sums.pending(), sums.sampled())) {
              // Platforms with other objective files than this one are told so at their start.
              elsewhere.merge("countedByOtherFiles", sums.requests(), Long::sum);
            }
          });
    }
  }

  private void count(List<SloEngine.Use> uses, CounterStreams.Increment increment) {
    for (SloEngine.Use use : uses) {
      if (use.count(increment.from(), increment.to(), increment.every(), increment.count())) {
        news.add(use);
      }
    }
  }

  /** Stores what is new since the last time. */
  public void save(Handle handle, Instant at) {
    open.save(handle, taken, at);
    counters.save(handle, streams, engine);
    news.forEach(use -> counters.saveSignal(handle, use));
    if (!at.isBefore(swept.plus(SWEEP_EVERY))) {
      open.sweep(handle, engine.requests(), limits.watermark(), at);
      streams.trim(at);
      swept = at;
    }
  }

  /** What was saved is on disk. */
  public void committed() {
    taken.clear();
    streams.stored();
    news.clear();
  }

  /** What was received and not counted, by reason. */
  public Map<String, Long> losses() {
    Map<String, Long> counts = losses(engine.requests().losses());
    counts.putAll(streams.losses().counts());
    elsewhere.forEach((reason, count) -> counts.merge(reason, count, Long::sum));
    return counts;
  }

  /** What a join did not count, by reason. */
  static Map<String, Long> losses(Losses losses) {
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("tooLate", losses.tooLate());
    counts.put("fromTheFuture", losses.ahead());
    counts.put("tooLarge", losses.tooLarge());
    counts.put("crowded", losses.crowded());
    counts.put("forgotten", losses.forgotten());
    counts.put("withoutEntry", losses.strangers());
    return counts;
  }
}
