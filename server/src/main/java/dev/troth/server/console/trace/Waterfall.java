package dev.troth.server.console.trace;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.frame.AsOf;
import dev.troth.server.console.page.Slots;
import dev.troth.server.trace.SpanView;
import dev.troth.server.trace.TraceOutline;
import dev.troth.server.trace.Traces;
import java.util.List;

/**
 * A window of a trace's waterfall. However long the trace is, a page holds one window: scripts ask
 * for another as the reader scrolls, and two links do without scripts.
 *
 * @param from the first row that is here
 * @param chosen the id of the span that is looked at, or empty
 */
public record Waterfall(
    TraceOutline outline, List<Traces.Row> rows, int from, String chosen, AsOf asOf) {
  /** The rows of a window. */
  static final int WINDOW = 60;

  private static final int ROW_HEIGHT = 32;
  private static final int DEEPEST = 12;

  /** A row, and what it is drawn against. */
  private record Line(Traces.Row row, Waterfall all) {
    SpanView span() {
      return row.span();
    }
  }

  static final Slots<Waterfall> SLOTS =
      new Slots<Waterfall>()
          .text("waterfall.end", all -> Formats.duration(all.micros()))
          .text("waterfall.middle", all -> Formats.duration(all.micros() / 2))
          .text("waterfall.above", all -> height(all.from))
          .text("waterfall.below", all -> height(all.outline.size() - all.end()))
          .text("waterfall.from", all -> String.valueOf(all.from))
          .text("waterfall.total", all -> String.valueOf(all.outline.size()))
          .text("waterfall.shown", Waterfall::shown)
          .text("waterfall.earlier", all -> all.at(Math.max(0, all.from - WINDOW)))
          .text("waterfall.earlierHidden", all -> Formats.yes(all.from == 0))
          .text("waterfall.later", all -> all.at(all.end()))
          .text("waterfall.laterHidden", all -> Formats.yes(all.end() == all.outline.size()))
          .each(
              "spans",
              Waterfall::lines,
              new Slots<Line>()
                  .text("id", line -> line.span().id())
                  .text("name", line -> line.span().place().name())
                  .text("service", line -> line.span().place().service())
                  .text("link", Waterfall::link)
                  .text("current", line -> String.valueOf(isChosen(line)))
                  .text("took", line -> Formats.duration(line.span().time().durationMicros()))
                  .text("x", line -> line.all.part(line.span().time().startMicros()))
                  .text("width", line -> line.all.part(line.span().time().durationMicros()))
                  .text("depth", line -> String.valueOf(Math.min(line.row.depth(), DEEPEST)))
                  .text("status", line -> line.span().failed() ? "error" : "ok"));

  static Waterfall of(Traces traces, TraceOutline outline, int row, String chosen, AsOf asOf) {
    int from = Math.clamp(row, 0, Math.max(0, outline.size() - WINDOW));
    return new Waterfall(outline, traces.rows(outline, from, WINDOW), from, chosen, asOf);
  }

  private List<Line> lines() {
    return rows.stream().map(row -> new Line(row, this)).toList();
  }

  private int end() {
    return Math.min(outline.size(), from + WINDOW);
  }

  private long micros() {
    return Math.max(1, outline.figures().micros());
  }

  private String part(long of) {
    return Formats.part(of, micros());
  }

  private static String height(int rows) {
    return String.valueOf(rows * ROW_HEIGHT);
  }

  /** The rest of a path: this trace at another row. */
  private String at(int row) {
    return outline.id() + "?row=" + row + (asOf.isPast() ? "&at=" + asOf.at() : "");
  }

  private static String link(Line line) {
    return line.all.at(line.all.from) + "&span=" + line.span().id();
  }

  private static boolean isChosen(Line line) {
    return line.span().id().equals(line.all.chosen);
  }

  private String shown() {
    String spans = Formats.counted(outline.size(), "span", "spans");
    return outline.size() <= WINDOW
        ? spans + ", in order of their start"
        : "rows %s to %s of %s"
            .formatted(Formats.grouped(from + 1L), Formats.grouped(end()), spans);
  }
}
