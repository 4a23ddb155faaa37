package dev.troth.server.counting;

import dev.troth.server.http.Json;
import dev.troth.slo.chain.Span;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;

/**
 * Spans of a trace on their way to who judges it: JSON, so that versions of the program understand
 * each other.
 *
 * @param trace the trace id, which is the key of the message
 * @param arrived when they were received
 */
public record TraceMessage(String trace, Instant arrived, List<Span> spans) {
  /** A message is ended when it is longer than this; brokers take 1 MiB. */
  private static final int LONG = 256 << 10;

  /** A message of one span alone that is longer is not taken. */
  private static final int LONGEST = 960 << 10;

  private record Body(long at, List<OpenSpan> spans) {}

  /** A message, or what could not become one. */
  public record Written(List<Bytes> messages, int tooLong) {}

  /** The key and the value of a message. */
  public record Bytes(byte[] key, byte[] value) {}

  /** Spans as messages: those of a trace together, unless they are long. */
  public static Written write(List<Span> spans, Instant arrived) {
    Map<String, List<OpenSpan>> traces = new LinkedHashMap<>();
    for (Span span : spans) {
      traces.computeIfAbsent(span.ids().trace(), trace -> new ArrayList<>()).add(OpenSpan.of(span));
    }
    List<Bytes> messages = new ArrayList<>();
    int[] tooLong = {0};
    traces.forEach((trace, all) -> tooLong[0] += write(trace, all, arrived, messages));
    return new Written(messages, tooLong[0]);
  }

  private static int write(
      String trace, List<OpenSpan> spans, Instant arrived, List<Bytes> messages) {
    byte[] value = Json.mapper().writeValueAsBytes(new Body(arrived.toEpochMilli(), spans));
    if (value.length > LONG && spans.size() > 1) {
      int half = spans.size() / 2;
      return write(trace, spans.subList(0, half), arrived, messages)
          + write(trace, spans.subList(half, spans.size()), arrived, messages);
    }
    if (value.length > LONGEST) {
      return 1;
    }
    messages.add(new Bytes(trace.getBytes(StandardCharsets.UTF_8), value));
    return 0;
  }

  /**
   * Reads a message.
   *
   * @throws IllegalArgumentException when it is none of these
   */
  static TraceMessage read(byte[] key, byte[] value) {
    try {
      Body body = Json.mapper().readValue(value, Body.class);
      String trace = new String(key, StandardCharsets.UTF_8);
      List<Span> spans = new ArrayList<>();
      for (OpenSpan one : body.spans()) {
        if (!one.isWhole()) {
          throw new IllegalArgumentException("it has a span without a place or attributes");
        }
        spans.add(one.span(trace));
      }
      return new TraceMessage(trace, Instant.ofEpochMilli(body.at()), spans);
    } catch (JacksonException | NullPointerException e) {
      // The second is of JSON that leaves out what a span has.
      throw new IllegalArgumentException("it is no message of spans: " + e.getMessage(), e);
    }
  }
}
