package dev.troth.server.trace;

import dev.troth.server.error.DomainException;
import dev.troth.server.telemetry.SpanRecord;
import dev.troth.server.trace.TraceOutline.Version;
import dev.troth.server.trace.TraceView.LogView;
import dev.troth.server.trace.TraceViewStore.Spans;
import dev.troth.slo.chain.Span;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What people ask about traces. Outlines of the traces that were asked for last are kept, so that
 * each window of a long waterfall costs its own rows alone. Safe for use by many threads.
 */
public final class Traces {
  /** At nine bytes a row, a little over 4 MB. */
  private static final int KEPT_ROWS = 500_000;

  private static final int KEPT_TRACES = 100;

  /** Log lines that come with a trace. */
  private static final int MOST_LOGS = 1_000;

  private final TraceViewStore traces;
  private final Function<List<Span>, List<VerdictView>> verdicts;
  private final Supplier<Map<String, Long>> losses;
  private final InstantSource clock;
  private final Map<String, TraceOutline> kept = new LinkedHashMap<>(16, 0.75f, true);
  private final ReentrantLock outlining = new ReentrantLock();

  /**
   * @param verdicts what the spans of a trace count as, for each objective
   * @param losses what was received and is not kept or counted, by reason
   */
  public Traces(
      TraceViewStore traces,
      Function<List<Span>, List<VerdictView>> verdicts,
      Supplier<Map<String, Long>> losses,
      InstantSource clock) {
    this.traces = traces;
    this.verdicts = verdicts;
    this.losses = losses;
    this.clock = clock;
  }

  /** What was received and is not kept or counted, by reason, since the start. */
  public Map<String, Long> losses() {
    return losses.get();
  }

  /** The newest traces that fit a query. */
  public TraceList list(TraceQuery query) {
    TraceViewStore.Page page = traces.list(query);
    return new TraceList(page.traces(), page.next(), losses.get());
  }

  /**
   * A stretch of one trace's spans, in the order of its waterfall, with its first log lines and
   * what it counted as for each objective.
   */
  public Optional<TraceView> trace(String id, int from, int limit) {
    return outline(id)
        .map(outline -> {
          List<SpanView> spans = rows(outline, from, limit).stream().map(Row::span).toList();
          List<LogView> logs = traces.logs(id, MOST_LOGS + 1);
          boolean more = (long) from + limit < outline.size();
          boolean truncated = more || from > 0 || logs.size() > MOST_LOGS;
          return new TraceView(
              id,
              outline.figures().start(),
              outline.figures().micros() / 1e3,
              spans,
              logs.size() > MOST_LOGS ? logs.subList(0, MOST_LOGS) : logs,
              outline.verdicts(),
              truncated ? true : null,
              more ? from + limit : null);
        });
  }

  /** The figures of one trace and the order of its rows. */
  public Optional<TraceOutline> outline(String id) {
    Optional<Version> stored = traces.version(id);
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    // One at a time: the spans of a long trace are in memory while its outline is made.
    outlining.lock();
    try {
      TraceOutline known = kept.get(id);
      if (known != null && holds(known.version(), stored.get())) {
        return Optional.of(known);
      }
      Optional<TraceOutline> made = traces.spans(id).map(spans -> outline(id, spans, stored.get()));
      made.ifPresent(this::keep);
      return made;
    } finally {
      outlining.unlock();
    }
  }

  /** The same of what had come by an instant; traces that lost spans since are refused. */
  public Optional<TraceOutline> outline(String id, Instant at) {
    if (at.isAfter(clock.instant())) {
      throw new DomainException.Invalid("at is %s, expected a time that is over".formatted(at));
    }
    if (traces.isCut(id)) {
      throw new DomainException.NotFound(
          "trace '%s' is not kept as it stood: some of its spans are dropped".formatted(id));
    }
    outlining.lock();
    try {
      return traces.spans(id, at).map(spans -> outline(id, spans, new Version(0, 0)));
    } finally {
      outlining.unlock();
    }
  }

  /** None of the trace's spans has come or gone since. */
  private static boolean holds(Version made, Version stored) {
    return made.newest() == stored.newest() && made.oldest() >= stored.oldest();
  }

  private TraceOutline outline(String id, Spans spans, Version stored) {
    return TraceOutline.of(
        id,
        spans.views(),
        spans.start(),
        spans.arrived(),
        verdicts.apply(spans.spans()),
        new Version(stored.newest(), traces.oldest(id)));
  }

  private void keep(TraceOutline outline) {
    kept.put(outline.id(), outline);
    long rows = kept.values().stream().mapToLong(TraceOutline::size).sum();
    var eldest = kept.entrySet().iterator();
    while (kept.size() > KEPT_TRACES || (rows > KEPT_ROWS && kept.size() > 1)) {
      rows -= eldest.next().getValue().size();
      eldest.remove();
    }
  }

  /** A span and its place in the waterfall. */
  public record Row(SpanView span, int index, int depth) {}

  /** A window of the waterfall's rows; what lies outside of it is left out. */
  public List<Row> rows(TraceOutline outline, int from, int count) {
    int first = Math.clamp(from, 0, outline.size());
    int last = (int) Math.min(outline.size(), (long) first + count);
    long[] ids = outline.ids(first, last);
    Map<Long, SpanView> found = new LinkedHashMap<>();
    for (SpanRecord stored : traces.spans(outline.id(), ids)) {
      found.put(stored.span().ids().span(), seenFrom(outline, stored));
    }
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      SpanView span = found.get(ids[i]);
      if (span != null) {
        rows.add(new Row(span, first + i, outline.depth(first + i)));
      }
    }
    return List.copyOf(rows);
  }

  /** The first spans that failed. */
  public List<SpanView> failures(TraceOutline outline) {
    return views(outline, outline.failures());
  }

  /** One span of a trace. */
  public Optional<SpanView> span(TraceOutline outline, String id) {
    return id.matches("[0-9a-f]{16}")
        ? views(outline, new long[] {Long.parseUnsignedLong(id, 16)}).stream().findFirst()
        : Optional.empty();
  }

  private List<SpanView> views(TraceOutline outline, long[] ids) {
    return traces.spans(outline.id(), ids).stream()
        .map(stored -> seenFrom(outline, stored))
        .toList();
  }

  private static SpanView seenFrom(TraceOutline outline, SpanRecord stored) {
    return SpanView.of(stored, outline.startNanos());
  }

  /** The first log lines of a trace. */
  public List<LogView> logs(String id, int most) {
    return traces.logs(id, most);
  }
}
