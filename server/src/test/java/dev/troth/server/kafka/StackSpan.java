package dev.troth.server.kafka;

import dev.troth.observe.span.Attribute;
import dev.troth.observe.span.Span;
import java.util.List;

/**
 * What a test of the stack keeps of a span; there may be more than a million of them.
 *
 * @param place the service and its role
 * @param verb the first word of the name: which topic a request of Kafka is about may be known at
 *     one end alone
 * @param number what the request carried, -1 where it carried none
 */
record StackSpan(
    String place, String verb, long number, long id, long parent, long traceHigh, long traceLow) {

  static StackSpan of(Span span, String header) {
    String place = span.target().service() + " " + span.role();
    return new StackSpan(
        place.intern(),
        span.name().split(" ", -1)[0].intern(),
        number(span, header),
        span.id(),
        span.parent(),
        span.traceHigh(),
        span.traceLow());
  }

  private static long number(Span span, String header) {
    for (Attribute attribute : span.attributes()) {
      if (attribute.name().endsWith("." + header)
          && attribute.value() instanceof Attribute.Texts(List<String> values)) {
        return Long.parseLong(values.getFirst());
      }
    }
    return -1;
  }

  boolean isNumbered() {
    return number >= 0;
  }

  boolean isOfTraceOf(StackSpan other) {
    return traceLow == other.traceLow && traceHigh == other.traceHigh;
  }

  /** The span as a caller names it that passes its context on. */
  String context() {
    return "00-%016x%016x-%016x-01".formatted(traceHigh, traceLow, id);
  }
}
