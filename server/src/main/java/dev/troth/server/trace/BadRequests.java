package dev.troth.server.trace;

import dev.troth.slo.chain.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The bad requests of an objective, as far as their traces are kept. What a trace was found to be
 * is remembered until another span of it comes. Safe for use by many threads.
 */
public final class BadRequests {
  /** Traces that a page looks at; who asks for the next page looks at the next. */
  static final int LOOKED_AT = 500;

  private static final int KEPT = 5_000;

  private final TraceViewStore traces;
  private final Function<List<Span>, List<BadView>> judge;
  private final Supplier<Instant> settled;
  private final Map<String, Judged> kept = new LinkedHashMap<>(16, 0.75f, true);

  private record Judged(long newest, List<BadView> bad) {}

  /**
   * A bad request.
   *
   * @param root the name of the span at the top of its trace
   */
  public record Found(String trace, String root, String service, Instant start, BadView why) {}

  /**
   * Some bad requests, newest first.
   *
   * @param next asks for the ones before, as {@code before}; null where no trace is older
   * @param lookedAt how many traces were looked at for them
   */
  public record Page(List<Found> requests, @Nullable String next, int lookedAt) {}

  /**
   * @param judge for which objectives the spans of a trace are a bad request, and why
   * @param settled traces that ended later may still lack spans
   */
  public BadRequests(
      TraceViewStore traces, Function<List<Span>, List<BadView>> judge, Supplier<Instant> settled) {
    this.traces = traces;
    this.judge = judge;
    this.settled = settled;
  }

  /**
   * Bad requests of an objective, if there is a step those that were bad there.
   *
   * @param before what the page before gave; empty for the newest
   * @throws IllegalArgumentException when {@code before} is nothing that a page gave
   */
  public synchronized Page of(
      String objective, Optional<String> step, Optional<String> before, int limit) {
    List<TraceViewStore.Recent> recent =
        traces.recent(before.map(TraceQuery.Cursor::parse), settled.get(), LOOKED_AT);
    List<Found> found = new ArrayList<>();
    int lookedAt = 0;
    for (TraceViewStore.Recent trace : recent) {
      if (found.size() >= limit) {
        break;
      }
      lookedAt++;
      for (BadView bad : judged(trace)) {
        if (bad.objective().equals(objective) && step.filter(s -> !bad.isAt(s)).isEmpty()) {
          found.add(new Found(trace.id(), trace.root(), trace.service(), trace.start(), bad));
          break;
        }
      }
    }
    boolean more = lookedAt < recent.size() || recent.size() == LOOKED_AT;
    return new Page(
        List.copyOf(found),
        more && lookedAt > 0 ? recent.get(lookedAt - 1).cursor().toString() : null,
        lookedAt);
  }

  private List<BadView> judged(TraceViewStore.Recent trace) {
    Judged known = kept.get(trace.id());
    if (known != null && known.newest() == trace.newest()) {
      return known.bad();
    }
    List<BadView> bad =
        traces.spans(trace.id()).map(spans -> judge.apply(spans.spans())).orElse(List.of());
    kept.put(trace.id(), new Judged(trace.newest(), bad));
    if (kept.size() > KEPT) {
      kept.remove(kept.keySet().iterator().next());
    }
    return bad;
  }
}
