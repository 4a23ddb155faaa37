package dev.troth.server.trace;

import dev.troth.server.trace.TraceQuery.Cursor;
import dev.troth.server.trace.TraceViewStore.Recent;
import dev.troth.slo.chain.Grouping;
import dev.troth.slo.chain.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The bad requests of an objective whose traces are kept, newest first. What has all its spans and
 * was not judged yet is judged when it is asked for. Safe for use by many threads.
 */
public final class BadRequests {
  /** Traces that are judged for one page. */
  private static final int JUDGED_AT_ONCE = 500;

  private static final Comparator<Cursor> OLDEST_FIRST =
      Comparator.comparingLong(Cursor::startedNanos).thenComparing(Cursor::id);

  private final TraceViewStore traces;
  private final BadTraceStore store = new BadTraceStore();
  private final Function<List<Span>, List<BadView>> judge;
  private final Supplier<Instant> settled;

  /**
   * A bad request.
   *
   * @param place its trace and when that started
   * @param root the name of the span at the top of its trace
   */
  public record Found(Cursor place, String root, String service, BadView why) {
    public String trace() {
      return place.id();
    }

    public Instant start() {
      return TraceViewStore.time(place.startedNanos());
    }
  }

  /**
   * Some bad requests, newest first.
   *
   * @param next asks for the ones before, as {@code before}; null where none is older
   */
  public record Page(List<Found> requests, @Nullable String next) {}

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

  /** The newest bad requests that fit. */
  public Page of(BadQuery wanted, int limit) {
    return traces.reading(handle -> page(handle, wanted, limit));
  }

  private Page page(Handle handle, BadQuery wanted, int limit) {
    Instant until = settled.get();
    List<Recent> unjudged = store.unjudged(handle, wanted, until, JUDGED_AT_ONCE);
    List<Found> found = new ArrayList<>(store.judged(handle, wanted, until, limit + 1));
    for (Recent trace : unjudged) {
      judge.apply(traces.spansOf(handle, trace.id())).stream()
          .filter(bad -> bad.objective().equals(wanted.objective()))
          .filter(bad -> wanted.step().filter(step -> !bad.isAt(step)).isEmpty())
          .filter(bad -> wanted.group().filter(group -> !isOf(handle, group, bad)).isEmpty())
          .findFirst()
          .ifPresent(
              bad -> found.add(new Found(trace.cursor(), trace.root(), trace.service(), bad)));
    }
    // A trace with requests of several of the other values is one.
    Set<String> seen = new HashSet<>();
    found.removeIf(one -> !seen.add(one.trace()));
    found.sort(Comparator.comparing(Found::place, OLDEST_FIRST).reversed());
    String rest = null;
    if (unjudged.size() == JUDGED_AT_ONCE) {
      // Of what is older than these, not everything is known yet: it is on the next page.
      Cursor last = unjudged.getLast().cursor();
      found.removeIf(one -> OLDEST_FIRST.compare(one.place(), last) < 0);
      rest = last.toString();
    }
    if (found.size() > limit) {
      List<Found> page = List.copyOf(found.subList(0, limit));
      return new Page(page, page.getLast().place().toString());
    }
    return new Page(List.copyOf(found), rest);
  }

  /** Whether a bad request is of a group, by what has one now. */
  private boolean isOf(Handle handle, String group, BadView bad) {
    String own = bad.group();
    return own != null
        && (own.equals(group)
            || (group.equals(Grouping.OTHERS) && !store.hasGroup(handle, bad.objective(), own)));
  }
}
