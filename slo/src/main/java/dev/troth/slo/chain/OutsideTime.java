package dev.troth.slo.chain;

import dev.troth.slo.chain.Span.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The time of a request that was covered only by steps outside the latency promise.
 *
 * <p>An excluded span runs inside the spans that called it; those do not count as working at the
 * time, they wait. Anything else that runs at the same time does count: what happens beside a
 * publish is the request's own time.
 */
final class OutsideTime {
  private OutsideTime() {}

  static long nanos(Chain chain, List<Seen> trace, Interval request) {
    Map<Long, Seen> byId = new HashMap<>();
    for (Seen seen : trace) {
      byId.put(seen.ids().span(), seen);
    }
    List<Interval> outside = new ArrayList<>();
    Set<Seen> waiting = new HashSet<>();
    Set<Seen> excluded = new HashSet<>();
    for (Seen seen : trace) {
      Seen root = excludedAncestor(chain, seen, byId);
      if (root != null) {
        excluded.add(seen);
        outside.add(clip(seen.time(), request));
        addCallers(root, byId, waiting);
      }
    }
    if (outside.isEmpty()) {
      return 0;
    }
    List<Interval> working = new ArrayList<>();
    for (Seen seen : trace) {
      if (!excluded.contains(seen) && !waiting.contains(seen)) {
        working.add(clip(seen.time(), request));
      }
    }
    List<Interval> both = new ArrayList<>(outside);
    both.addAll(working);
    return covered(both) - covered(working);
  }

  /** The excluded span that this one is, or is called by; a span it calls is excluded with it. */
  private static @org.jspecify.annotations.Nullable Seen excludedAncestor(
      Chain chain, Seen seen, Map<Long, Seen> byId) {
    Seen at = seen;
    for (int depth = 0; at != null && depth < byId.size() + 1; depth++) {
      if (at.step() >= 0) {
        return chain.steps().get(at.step()).traits().outsideLatency() ? at : null;
      }
      at = byId.get(at.ids().parent());
    }
    return null;
  }

  /** The spans that called it; where a parent is lost, those that enclose it in time. */
  private static void addCallers(Seen span, Map<Long, Seen> byId, Set<Seen> waiting) {
    Seen at = span;
    for (int depth = 0; depth <= byId.size(); depth++) {
      Seen parent = byId.get(at.ids().parent());
      if (parent == null) {
        break;
      }
      waiting.add(parent);
      at = parent;
    }
    if (at.ids().parent() != 0) {
      for (Seen other : byId.values()) {
        if (!other.equals(span) && other.time().contains(at.time())) {
          waiting.add(other);
        }
      }
    }
  }

  private static Interval clip(Interval time, Interval to) {
    long start = Math.clamp(time.start(), to.start(), to.end());
    long end = Math.clamp(time.end(), to.start(), to.end());
    return new Interval(start, end);
  }

  /** The length of the union. */
  private static long covered(List<Interval> intervals) {
    List<Interval> sorted = new ArrayList<>(intervals);
    sorted.sort(Comparator.comparingLong(Interval::start));
    long covered = 0;
    long reached = Long.MIN_VALUE;
    for (Interval interval : sorted) {
      long from = Math.max(reached, interval.start());
      if (interval.end() > from) {
        covered += interval.end() - from;
        reached = interval.end();
      }
    }
    return covered;
  }
}
