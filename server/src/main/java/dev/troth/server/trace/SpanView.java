package dev.troth.server.trace;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.troth.server.http.Json;
import dev.troth.server.telemetry.SpanRecord;
import dev.troth.slo.chain.Span;
import dev.troth.slo.chain.Span.SpanKind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * A span of a trace; in JSON the members of its parts stand side by side.
 *
 * @param parent null for a span that begins the trace
 */
public record SpanView(
    String id,
    @Nullable String parent,
    @JsonUnwrapped Place place,
    @JsonUnwrapped Interval time,
    @JsonUnwrapped Outcome outcome,
    Map<String, String> attributes,
    List<EventView> events) {

  /** Where it happened. */
  public record Place(
      String service, String name, @JsonSerialize(using = Json.Word.class) SpanKind kind) {}

  /** When, relative to the start of the trace. */
  public record Interval(long startMicros, long durationMicros) {}

  /** How it ended, as its sender says. */
  public record Outcome(
      @JsonSerialize(using = Json.Word.class) Status status, String statusMessage) {}

  /** OpenTelemetry's status codes. */
  public enum Status {
    UNSET,
    OK,
    ERROR
  }

  /** Something that happened during a span. */
  public record EventView(String name, long atMicros, Map<String, String> attributes) {}

  /** A stored span, seen from the start of its trace in nanoseconds since 1970. */
  static SpanView of(SpanRecord stored, long start) {
    Span span = stored.span();
    long parent = span.ids().parent();
    return new SpanView(
        SpanRecord.hex(span.ids().span()),
        parent == 0 ? null : SpanRecord.hex(parent),
        new Place(span.place().service(), span.place().name(), span.place().kind()),
        new Interval(
            (span.time().start() - start) / 1_000,
            (span.time().end() - span.time().start()) / 1_000),
        new Outcome(
            Status.valueOf(stored.status().toUpperCase(Locale.ROOT)), stored.statusMessage()),
        span.attributes(),
        stored.events().stream()
            .map(e -> new EventView(e.name(), (e.at() - start) / 1_000, e.attributes()))
            .toList());
  }

  public boolean failed() {
    return outcome.status == Status.ERROR;
  }
}
