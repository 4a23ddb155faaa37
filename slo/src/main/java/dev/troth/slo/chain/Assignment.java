package dev.troth.slo.chain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which span of a trace belongs to which request.
 *
 * <p>A span of the entry step opens a request. What it calls, however far down, belongs to it;
 * where entries are nested, to the nearest. Of a span whose callers were not all received the
 * request is known only if the trace has one entry, or if one alone was under way when the span
 * began; else it belongs to none. Not thread-safe.
 */
final class Assignment {
  private final Links links = new Links();

  /** Remembers who called whom; false if the span is known already. */
  boolean link(Span.Ids ids) {
    return links.add(ids.span(), ids.parent());
  }

  boolean knows(long span) {
    return links.contains(span);
  }

  /** Bytes that the links take. */
  long bytes() {
    return links.bytes();
  }

  /** The spans of each request, by the id of the entry's span; empty without an entry. */
  Map<Long, List<Seen>> requests(List<Seen> spans) {
    Map<Long, Seen> entries = new LinkedHashMap<>();
    for (Seen seen : spans) {
      if (seen.step() == 0) {
        entries.put(seen.ids().span(), seen);
      }
    }
    if (entries.size() == 1) {
      return Map.of(entries.keySet().iterator().next(), spans);
    }
    Map<Long, List<Seen>> requests = new LinkedHashMap<>();
    for (Seen seen : entries.isEmpty() ? List.<Seen>of() : spans) {
      Seen entry = entryOf(seen, entries);
      if (entry != null) {
        requests.computeIfAbsent(entry.ids().span(), id -> new ArrayList<>()).add(seen);
      }
    }
    return requests;
  }

  private @Nullable Seen entryOf(Seen seen, Map<Long, Seen> entries) {
    long at = seen.ids().span();
    Set<Long> passed = new java.util.HashSet<>();
    while (at != 0 && passed.add(at)) {
      Seen entry = entries.get(at);
      if (entry != null) {
        return entry;
      }
      if (!links.contains(at)) {
        return underWay(seen, entries);
      }
      at = links.parent(at);
    }
    // Its topmost caller is known and no entry: it was never part of a request.
    return null;
  }

  private static @Nullable Seen underWay(Seen seen, Map<Long, Seen> entries) {
    Seen found = null;
    for (Seen entry : entries.values()) {
      if (entry.time().start() <= seen.time().start()
          && seen.time().start() <= entry.time().end()) {
        if (found != null) {
          return null;
        }
        found = entry;
      }
    }
    return found;
  }

  /** Span ids with those of their parents, in two arrays: an open hash table; 0 is a free place. */
  private static final class Links {
    private long[] spans = new long[8];
    private long[] parents = new long[8];
    private int size;

    boolean add(long span, long parent) {
      int at = place(span);
      if (spans[at] != 0) {
        return false;
      }
      spans[at] = span;
      parents[at] = parent;
      if (++size > spans.length / 2) {
        grow();
      }
      return true;
    }

    boolean contains(long span) {
      return spans[place(span)] != 0;
    }

    long parent(long span) {
      return parents[place(span)];
    }

    long bytes() {
      return 16L * spans.length;
    }

    private int place(long span) {
      int mask = spans.length - 1;
      int at = Long.hashCode(span * 0x9E3779B97F4A7C15L) & mask;
      while (spans[at] != 0 && spans[at] != span) {
        at = (at + 1) & mask;
      }
      return at;
    }

    private void grow() {
      long[] oldSpans = spans;
      long[] oldParents = parents;
      spans = new long[2 * oldSpans.length];
      parents = new long[spans.length];
      for (int i = 0; i < oldSpans.length; i++) {
        if (oldSpans[i] != 0) {
          int at = place(oldSpans[i]);
          spans[at] = oldSpans[i];
          parents[at] = oldParents[i];
        }
      }
    }
  }
}
