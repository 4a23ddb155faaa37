package dev.troth.server.trace;

import dev.troth.server.ops.Metrics;
import dev.troth.server.telemetry.Batch;
import dev.troth.server.telemetry.Stage;
import dev.troth.server.trace.BadTraceStore.Dropped;
import dev.troth.server.trace.TraceViewStore.Recent;
import dev.troth.slo.chain.Span;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * Judges each trace when it has all its spans, and keeps the bad ones when newer spans push them
 * out. A trace that has to make room before its time is kept until it is judged. Everything is in
 * the database, so a restart forgets none.
 */
public final class BadTraces implements Stage {
  private static final int AT_ONCE = 500;
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final Duration TRIM_EVERY = Duration.ofHours(1);

  private final TraceViewStore traces;
  private final Function<List<Span>, List<BadView>> judge;
  private final Keeping keeping;
  private final BadTraceStore store = new BadTraceStore();
  private final Figures figures = new Figures();
  private Instant looked = Instant.EPOCH;
  private Instant trimmed = Instant.EPOCH;

  /**
   * How much is kept for how long.
   *
   * @param watermark after its end a trace has all its spans
   * @param bytes of spans that are not among the newest; 0 keeps none
   */
  public record Keeping(Duration watermark, long bytes, Duration age) {}

  /** What the metrics say; what is not committed does not count. */
  private static final class Figures {
    private Dropped dropped = Dropped.NONE;
    private Dropped uncommitted = Dropped.NONE;
    private long bytes;
    private long uncommittedBytes;

    synchronized void note(Dropped more, long now) {
      uncommitted = uncommitted.plus(more);
      uncommittedBytes = now;
    }

    synchronized void commit() {
      dropped = dropped.plus(uncommitted);
      uncommitted = Dropped.NONE;
      bytes = uncommittedBytes;
    }

    synchronized void rollBack() {
      uncommitted = Dropped.NONE;
      uncommittedBytes = bytes;
    }

    synchronized Dropped dropped() {
      return dropped;
    }

    synchronized double bytes() {
      return bytes;
    }
  }

  /**
   * @param judge for which objectives the spans of a trace are a bad request, and why
   */
  public BadTraces(
      TraceViewStore traces, Function<List<Span>, List<BadView>> judge, Keeping keeping) {
    this.traces = traces;
    this.judge = judge;
    this.keeping = keeping;
  }

  @Override
  public void take(Handle handle, List<Batch> batches, Instant now) {
    Instant settled = now.minus(keeping.watermark);
    for (Recent trace : store.oldestUnjudged(handle, settled, AT_ONCE)) {
      store.judge(handle, trace, judge.apply(traces.spansOf(handle, trace.id())), now);
    }
    looked = now;
    if (isTrimDue(now)) {
      Dropped old = store.dropOlder(handle, now.minus(keeping.age));
      // The bytes may have become fewer since the last start.
      Dropped beyond = store.dropBeyond(handle, keeping.bytes);
      figures.note(old.plus(beyond), store.bytes(handle));
      trimmed = now;
    }
  }

  private boolean isTrimDue(Instant now) {
    Duration tenth = keeping.age.dividedBy(10);
    Duration every = tenth.compareTo(TRIM_EVERY) < 0 ? tenth : TRIM_EVERY;
    return now.isBefore(trimmed) || !now.isBefore(trimmed.plus(every));
  }

  /** Spans up to this one are about to go: those of kept traces are stored apart. */
  void makeRoom(Handle handle, long upTo, Instant now) {
    if (keeping.bytes > 0) {
      store.keepUnjudged(handle, upTo, now);
    }
    store.move(handle, upTo);
    Dropped beyond = store.dropBeyond(handle, keeping.bytes);
    figures.note(beyond, store.bytes(handle));
  }

  @Override
  public void committed() {
    figures.commit();
  }

  @Override
  public void failed(Instant now) {
    figures.rollBack();
    trimmed = Instant.EPOCH;
  }

  @Override
  public boolean pending(Instant now) {
    if (isTrimDue(now)) {
      return true;
    }
    if (!now.isBefore(looked) && now.isBefore(looked.plus(LOOK_EVERY))) {
      return false;
    }
    boolean waits =
        traces.reading(handle -> store.hasUnjudged(handle, now.minus(keeping.watermark)));
    looked = waits ? looked : now;
    return waits;
  }

  @Override
  public boolean hasRoom() {
    return true;
  }

  /** Adds how much is kept, and what was dropped. */
  public void addTo(Metrics metrics) {
    GaugeWithCallback.builder()
        .name("troth_slo_bad_trace_bytes")
        .help(
            "Bytes of spans of bad requests that are kept although newer spans pushed them out,"
                + " as this platform last saw them.")
        .callback(callback -> callback.call(figures.bytes()))
        .register(metrics.registry());
    CounterWithCallback.builder()
        .name("troth_slo_bad_traces_dropped_total")
        .help("Traces of bad requests that are no longer kept, by reason.")
        .labelNames("reason")
        .callback(callback -> {
          Dropped dropped = figures.dropped();
          callback.call((double) dropped.old(), "age");
          callback.call((double) dropped.overBytes(), "bytes");
          callback.call((double) dropped.unjudged(), "not_judged");
        })
        .register(metrics.registry());
  }
}
