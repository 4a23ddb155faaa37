package dev.troth.server.trace;

import java.time.Instant;
import java.util.List;

/** A whole trace with its log lines and verdicts; times of spans are relative to its start. */
public record TraceView(
    String id,
    Instant start,
    double durationMillis,
    List<SpanView> spans,
    List<LogView> logs,
    List<VerdictView> verdicts) {

  /** A log line of a trace. */
  public record LogView(Instant at, String severity, String service, String span, String body) {}
}
