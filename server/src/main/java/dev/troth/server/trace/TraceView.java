package dev.troth.server.trace;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A trace with its log lines and verdicts; times of spans are relative to its start.
 *
 * @param truncated true if spans or log lines are left out, else null
 * @param next the row of the waterfall to go on from; null if no span comes after
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TraceView(
    String id,
    Instant start,
    double durationMillis,
    List<SpanView> spans,
    List<LogView> logs,
    List<VerdictView> verdicts,
    @Nullable Boolean truncated,
    @Nullable Integer next) {

  /** A log line of a trace. */
  public record LogView(Instant at, String severity, String service, String span, String body) {}
}
