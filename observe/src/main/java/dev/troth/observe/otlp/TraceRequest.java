package dev.troth.observe.otlp;

import dev.troth.observe.discovery.Target;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.span.Attribute;
import dev.troth.observe.span.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes an {@code ExportTraceServiceRequest} (opentelemetry-proto 1.10). */
final class TraceRequest {
  private static final int KIND_SERVER = 2;
  private static final int KIND_CLIENT = 3;
  private static final int STATUS_ERROR = 2;

  /** Flags: the parent's remoteness is known, and it is remote. */
  private static final int SAMPLED = 0x001;

  private static final int REMOTE_KNOWN = 0x100;
  private static final int REMOTE = 0x200;

  private TraceRequest() {}

  /** The message of these spans; the writer is emptied before. */
  static byte[] of(ProtoWriter out, List<Encoded> spans) {
    Map<Target, List<Encoded>> byTarget = new LinkedHashMap<>();
    for (Encoded span : spans) {
      byTarget.computeIfAbsent(span.target(), added -> new ArrayList<>()).add(span);
    }
    out.clear();
    byTarget.forEach((target, ofTarget) -> {
      int resourceSpans = out.begin(1);
      Scope.resource(out, target);
      int scopeSpans = out.begin(2);
      Scope.scope(out);
      for (Encoded span : ofTarget) {
        out.bytes(2, span.bytes());
      }
      Scope.schema(out);
      out.end(scopeSpans);
      out.end(resourceSpans);
    });
    return out.toBytes();
  }

  /** One span as it lies in the message; the writer is emptied before. */
  static Encoded encode(ProtoWriter out, Span span) {
    out.clear();
    span(out, span);
    return new Encoded(span.target(), out.toBytes());
  }

  private static void span(ProtoWriter out, Span span) {
    boolean server = span.role() == Role.SERVER;
    out.id(1, span.traceHigh(), span.traceLow());
    out.id(2, span.id());
    if (span.parent() != 0) {
      out.id(4, span.parent());
    }
    out.text(5, span.name());
    out.varint(6, server ? KIND_SERVER : KIND_CLIENT);
    out.fixed64(7, span.start());
    out.fixed64(8, span.end());
    for (Attribute attribute : span.attributes()) {
      attribute(out, attribute);
    }
    if (span.failed()) {
      int status = out.begin(15);
      out.varint(3, STATUS_ERROR);
      out.end(status);
    }
    out.fixed32(16, SAMPLED | REMOTE_KNOWN | (server && span.parent() != 0 ? REMOTE : 0));
  }

  private static void attribute(ProtoWriter out, Attribute attribute) {
    switch (attribute.value()) {
      case Attribute.Text(String text) -> Scope.text(out, 9, attribute.name(), text);
      case Attribute.Whole(long number) -> Scope.number(out, 9, attribute.name(), number);
      case Attribute.Texts(List<String> texts) -> {
        int pair = out.begin(9);
        out.text(1, attribute.name());
        int any = out.begin(2);
        int array = out.begin(5);
        for (String text : texts) {
          int element = out.begin(1);
          out.text(1, text);
          out.end(element);
        }
        out.end(array);
        out.end(any);
        out.end(pair);
      }
    }
  }
}
