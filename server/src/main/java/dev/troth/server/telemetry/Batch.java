package dev.troth.server.telemetry;

import java.util.List;

/**
 * What one request brought.
 *
 * @param rejected how many items could not be used, and why the last of them
 */
public record Batch(
    List<SpanRecord> spans, List<LogRecord> logs, List<MetricPoint> points, Rejected rejected) {
  static final Batch EMPTY = new Batch(List.of(), List.of(), List.of(), Rejected.NONE);

  public Batch {
    spans = List.copyOf(spans);
    logs = List.copyOf(logs);
    points = List.copyOf(points);
  }

  /** Items that were left out, and why. */
  public record Rejected(int count, String reason) {
    public static final Rejected NONE = new Rejected(0, "");

    Rejected plus(String why) {
      return new Rejected(count + 1, why);
    }
  }

  static Batch ofSpans(List<SpanRecord> spans, Rejected rejected) {
    return new Batch(spans, List.of(), List.of(), rejected);
  }

  static Batch ofLogs(List<LogRecord> logs, Rejected rejected) {
    return new Batch(List.of(), logs, List.of(), rejected);
  }

  static Batch ofPoints(List<MetricPoint> points, Rejected rejected) {
    return new Batch(List.of(), List.of(), points, rejected);
  }

  /** What is left of it when its spans go another way. */
  Batch withoutSpans() {
    return new Batch(List.of(), logs, points, rejected);
  }

  public int size() {
    return spans.size() + logs.size() + points.size();
  }
}
