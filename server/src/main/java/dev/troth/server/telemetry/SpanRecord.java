package dev.troth.server.telemetry;

import dev.troth.slo.chain.Span;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A span as it was received.
 *
 * @param status {@code unset}, {@code ok} or {@code error}
 */
public record SpanRecord(Span span, String status, String statusMessage, List<Event> events) {

  /** Something that happened during a span, at nanoseconds since 1970. */
  public record Event(String name, long at, Map<String, String> attributes) {}

  public static String hex(long id) {
    return HexFormat.of().toHexDigits(id);
  }
}
