package dev.troth.server.trace;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The figures of a trace and the order of its waterfall: what stays small when a trace is large.
 *
 * <p>Parents stand before their children, siblings by start. A span whose parent is not here, or
 * that is its own ancestor, stands at the top: nothing that arrived is hidden. Nine bytes a span.
 * Immutable.
 */
public final class TraceOutline {
  private static final int MOST_FAILURES = 20;

  private final String id;
  private final Figures figures;
  private final List<VerdictView> verdicts;
  private final Version version;
  private final long startNanos;
  private final long[] order;
  private final byte[] depths;
  private final long[] failures;

  /**
   * What is said of the whole trace.
   *
   * @param root the name of the span at the top
   * @param start of its first span
   * @param micros from there to the end of the last
   * @param services in order of their first span
   * @param arrived when the newest of its spans came
   */
  public record Figures(
      String root,
      Instant start,
      long micros,
      long errors,
      List<String> services,
      Instant arrived) {}

  /** The stored spans that an outline was made from: while both hold, none came and none went. */
  record Version(long newest, long oldest) {}

  private TraceOutline(String id, Layout layout, Figures figures, Made made) {
    this.id = id;
    this.figures = figures;
    this.verdicts = List.copyOf(made.verdicts);
    this.version = made.version;
    this.startNanos = made.startNanos;
    this.order = layout.order;
    this.depths = layout.depths;
    this.failures = made.failures;
  }

  private record Made(
      long startNanos, List<VerdictView> verdicts, Version version, long[] failures) {}

  /** The outline of spans in the order of their start; there is at least one. */
  static TraceOutline of(
      String id,
      List<SpanView> spans,
      long startNanos,
      Instant arrived,
      List<VerdictView> verdicts,
      Version version) {
    Layout layout = new Layout(spans);
    long end = 0;
    long errors = 0;
    Set<String> services = new LinkedHashSet<>();
    for (SpanView span : spans) {
      end = Math.max(end, span.time().startMicros() + span.time().durationMicros());
      errors += span.failed() ? 1 : 0;
      services.add(span.place().service());
    }
    Figures figures =
        new Figures(
            spans.get(layout.first()).place().name(),
            Instant.ofEpochSecond(0, startNanos / 1_000 * 1_000),
            end,
            errors,
            new ArrayList<>(services),
            arrived);
    long[] failures =
        spans.stream()
            .filter(SpanView::failed)
            .limit(MOST_FAILURES)
            .mapToLong(span -> Long.parseUnsignedLong(span.id(), 16))
            .toArray();
    return new TraceOutline(id, layout, figures, new Made(startNanos, verdicts, version, failures));
  }

  public String id() {
    return id;
  }

  public Figures figures() {
    return figures;
  }

  /** What the trace counted as, for each objective. */
  public List<VerdictView> verdicts() {
    return verdicts;
  }

  /** The number of spans, which is that of the rows. */
  public int size() {
    return order.length;
  }

  /** How deep a row is nested. */
  public int depth(int row) {
    return depths[row];
  }

  /** The ids of the spans in a stretch of rows. */
  long[] ids(int from, int to) {
    return Arrays.copyOfRange(order, from, to);
  }

  /** The ids of the first spans that failed. */
  long[] failures() {
    return failures.clone();
  }

  /** The start of the first span, in nanoseconds since 1970. */
  long startNanos() {
    return startNanos;
  }

  Version version() {
    return version;
  }

  /** The order of a waterfall while it is made. */
  private static final class Layout {
    private final long[] order;
    private final byte[] depths;
    private final int[] firstChild;
    private final int[] nextSibling;
    private final boolean[] seen;
    private final List<SpanView> spans;
    private int filled;
    private int first = -1;

    Layout(List<SpanView> spans) {
      int size = spans.size();
      this.spans = spans;
      order = new long[size];
      depths = new byte[size];
      firstChild = new int[size];
      nextSibling = new int[size];
      seen = new boolean[size];
      Arrays.fill(firstChild, -1);
      Arrays.fill(nextSibling, -1);
      boolean[] below = link();
      for (int i = 0; i < size; i++) {
        if (!below[i]) {
          descend(i);
        }
      }
      // Only circles are left: each begins at its earliest span.
      for (int i = 0; i < size; i++) {
        descend(i);
      }
    }

    int first() {
      return first;
    }

    /** Links siblings in the order of their start; tells which spans are below another. */
    private boolean[] link() {
      Map<String, Integer> index = new HashMap<>(spans.size() * 2);
      for (int i = 0; i < spans.size(); i++) {
        index.put(spans.get(i).id(), i);
      }
      boolean[] below = new boolean[spans.size()];
      for (int i = spans.size() - 1; i >= 0; i--) {
        String parentId = spans.get(i).parent();
        Integer parent = parentId == null ? null : index.get(parentId);
        if (parent != null && parent != i) {
          below[i] = true;
          nextSibling[i] = firstChild[parent];
          firstChild[parent] = i;
        }
      }
      return below;
    }

    /**
     * Lays out a span and all below it, on a stack of its own: chains may be as long as a trace.
     */
    private void descend(int top) {
      if (seen[top]) {
        return;
      }
      int[] stack = new int[16];
      int[] depth = new int[16];
      int height = 0;
      lay(top, 0);
      if (firstChild[top] >= 0) {
        stack[0] = firstChild[top];
        depth[height++] = 1;
      }
      while (height > 0) {
        int span = stack[--height];
        int level = depth[height];
        if (height + 2 > stack.length) {
          stack = Arrays.copyOf(stack, stack.length * 2);
          depth = Arrays.copyOf(depth, depth.length * 2);
        }
        if (nextSibling[span] >= 0) {
          stack[height] = nextSibling[span];
          depth[height++] = level;
        }
        if (!seen[span]) {
          lay(span, level);
          if (firstChild[span] >= 0) {
            stack[height] = firstChild[span];
            depth[height++] = level + 1;
          }
        }
      }
    }

    private void lay(int span, int level) {
      if (filled == 0) {
        first = span;
      }
      seen[span] = true;
      order[filled] = Long.parseUnsignedLong(spans.get(span).id(), 16);
      depths[filled++] = (byte) Math.min(level, Byte.MAX_VALUE);
    }
  }
}
