package dev.troth.server.console;

import dev.troth.server.console.PageState.Span;
import dev.troth.server.console.page.Slots;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Spans in the order of a waterfall: parents first, siblings by start. A span whose parent is not
 * here, or that is its own ancestor, stands at the top: nothing that arrived is hidden. The same as
 * {@code layOut} in the site's {@code trace.ts}.
 *
 * @param micros the end of the last span
 */
record Waterfall(List<Row> rows, long micros) {
  /** Rows written into the page; the island shows the others. */
  static final int PAINTED_ROWS = 60;

  private static final int ROW_HEIGHT = 32;
  private static final int DEEPEST = 12;

  /** A span, how deep it is nested, and the end of the whole. */
  record Row(Span span, int depth, long whole) {}

  private record Nested(int index, int depth) {}

  static final Slots<Waterfall> SLOTS =
      new Slots<Waterfall>()
          .text("waterfall.end", all -> Formats.duration(all.micros))
          .text("waterfall.middle", all -> Formats.duration(all.micros / 2))
          .text(
              "waterfall.below",
              all -> String.valueOf(Math.max(0, all.rows.size() - PAINTED_ROWS) * ROW_HEIGHT))
          .each(
              "spans",
              all -> all.rows.subList(0, Math.min(PAINTED_ROWS, all.rows.size())),
              new Slots<Row>()
                  .text("name", row -> row.span.name())
                  .text("service", row -> row.span.service())
                  .text("detail", row -> row.span.detail())
                  .text("took", row -> Formats.duration(row.span.durationMicros()))
                  .text("x", row -> Formats.part(row.span.startMicros(), row.whole))
                  .text("width", row -> Formats.part(row.span.durationMicros(), row.whole))
                  .text("depth", row -> String.valueOf(row.depth))
                  .text("status", row -> row.span.error() ? "error" : "ok"));

  static Waterfall of(List<Span> spans) {
    long end = 1;
    Map<String, Integer> index = new HashMap<>();
    for (int i = 0; i < spans.size(); i++) {
      index.put(spans.get(i).id(), i);
      end = Math.max(end, spans.get(i).startMicros() + spans.get(i).durationMicros());
    }
    Map<Integer, List<Integer>> children = new HashMap<>();
    List<Integer> tops = new ArrayList<>();
    for (int i = 0; i < spans.size(); i++) {
      Integer parent = index.get(spans.get(i).parent());
      if (parent == null || parent == i) {
        tops.add(i);
      } else {
        children.computeIfAbsent(parent, any -> new ArrayList<>()).add(i);
      }
    }
    Comparator<Integer> byStart =
        Comparator.<Integer>comparingLong(i -> spans.get(i).startMicros()).thenComparing(i -> i);
    children.values().forEach(siblings -> siblings.sort(byStart));
    tops.sort(byStart);
    List<Row> rows = new ArrayList<>(spans.size());
    Set<Integer> seen = new HashSet<>();
    // Only cycles are not below a top: each begins at its earliest span.
    List<Integer> starts = new ArrayList<>(tops);
    IntStream.range(0, spans.size()).boxed().sorted(byStart).forEach(starts::add);
    for (int start : starts) {
      Deque<Nested> open = new ArrayDeque<>(List.of(new Nested(start, 0)));
      while (!open.isEmpty()) {
        Nested next = open.pop();
        if (seen.add(next.index)) {
          rows.add(new Row(spans.get(next.index), Math.min(next.depth, DEEPEST), end));
          for (int child : children.getOrDefault(next.index, List.of()).reversed()) {
            open.push(new Nested(child, next.depth + 1));
          }
        }
      }
    }
    return new Waterfall(rows, end);
  }

  /** The span at the top. */
  Optional<Span> first() {
    return rows.stream().findFirst().map(Row::span);
  }
}
