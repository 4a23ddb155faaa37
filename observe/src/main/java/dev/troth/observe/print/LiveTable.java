package dev.troth.observe.print;

import dev.troth.observe.discovery.Shown;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.span.Span;
import dev.troth.observe.span.SpanSink;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A table on a terminal, drawn anew every second: each service, role and route with its rate,
 * failures and latencies within the last second and its count since the start. For outputs that are
 * no terminal there is {@link SpanLines}.
 */
public final class LiveTable implements SpanSink {
  private static final long REDRAW_NANOS = 1_000_000_000;
  private static final int MOST_ROWS = 500;
  private static final int MOST_SAMPLES = 250;
  private static final String CLEAR = "\033[H\033[2J";

  private record Key(String service, Role role, String name) {}

  private static final class Row {
    final long[] samples = new long[MOST_SAMPLES];
    long total;
    int recent;
    int failed;

    void add(Span span) {
      samples[recent % MOST_SAMPLES] = span.nanos();
      recent++;
      total++;
      failed += span.failed() ? 1 : 0;
    }

    /** In milliseconds, of the newest samples of this second; NaN without one. */
    double percentile(int percent) {
      int count = Math.min(recent, MOST_SAMPLES);
      if (count == 0) {
        return Double.NaN;
      }
      long[] sorted = Arrays.copyOf(samples, count);
      Arrays.sort(sorted);
      return sorted[(count - 1) * percent / 100] / 1e6;
    }
  }

  private final PrintWriter out;
  private final int height;
  private final Map<Key, Row> rows = new HashMap<>();
  private long lastDrawn;

  /**
   * @param height how many lines the terminal has
   */
  public LiveTable(PrintWriter out, int height) {
    this.out = out;
    this.height = height;
  }

  @Override
  public void accept(Span span) {
    Key key = new Key(span.target().service(), span.role(), span.name());
    Row row = rows.get(key);
    if (row == null) {
      row = new Row();
      rows.put(rows.size() < MOST_ROWS ? key : new Key("", span.role(), "(others)"), row);
    }
    row.add(span);
  }

  @Override
  public void tick(long now) {
    if (now - lastDrawn < REDRAW_NANOS) {
      return;
    }
    double seconds = lastDrawn == 0 ? 1 : (now - lastDrawn) / 1e9;
    lastDrawn = now;
    draw(seconds);
  }

  private void draw(double seconds) {
    out.print(CLEAR);
    out.printf(
        "%-20s %-6s %-40s %9s %8s %9s %9s %10s%n",
        "service", "role", "name", "per s", "failed", "p50 ms", "p99 ms", "total");
    List<Map.Entry<Key, Row>> busiest = new ArrayList<>(rows.entrySet());
    busiest.sort(
        Comparator.comparingInt((Map.Entry<Key, Row> entry) -> -entry.getValue().recent)
            .thenComparingLong(entry -> -entry.getValue().total)
            .thenComparing(entry -> entry.getKey().service())
            .thenComparing(entry -> entry.getKey().name()));
    int shown = Math.min(busiest.size(), Math.max(1, height - 3));
    for (Map.Entry<Key, Row> entry : busiest.subList(0, shown)) {
      line(entry.getKey(), entry.getValue(), seconds);
    }
    if (shown < busiest.size()) {
      out.printf("and %,d more%n", busiest.size() - shown);
    }
    out.flush();
    for (Row row : rows.values()) {
      row.recent = 0;
      row.failed = 0;
    }
  }

  private void line(Key key, Row row, double seconds) {
    out.printf(
        "%-20s %-6s %-40s %,9.1f %8d %9s %9s %,10d%n",
        cut(key.service, 20),
        key.role == Role.SERVER ? "server" : "client",
        cut(key.name, 40),
        row.recent / seconds,
        row.failed,
        millis(row.percentile(50)),
        millis(row.percentile(99)),
        row.total);
  }

  private static String millis(double value) {
    return Double.isNaN(value) ? "-" : "%.2f".formatted(value);
  }

  private static String cut(String whole, int width) {
    String text = Shown.text(whole);
    return text.length() <= width ? text : text.substring(0, width - 1) + "\u2026";
  }
}
