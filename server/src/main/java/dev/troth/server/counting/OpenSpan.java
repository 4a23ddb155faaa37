package dev.troth.server.counting;

import dev.troth.slo.chain.Span;
import dev.troth.slo.chain.Span.SpanKind;
import java.util.Map;

/** A span of an open request as its row keeps it: JSON with short names. */
record OpenSpan(
    long i,
    long p,
    String c,
    String n,
    SpanKind k,
    long s,
    long e,
    boolean b,
    double w,
    Map<String, String> a) {

  static OpenSpan of(Span span) {
    return new OpenSpan(
        span.ids().span(),
        span.ids().parent(),
        span.place().service(),
        span.place().name(),
        span.place().kind(),
        span.time().start(),
        span.time().end(),
        span.error(),
        span.weight(),
        span.attributes());
  }

  Span span(String trace) {
    return new Span(
        new Span.Ids(trace, i, p), new Span.Place(c, n, k), new Span.Interval(s, e), b, a, w);
  }
}
