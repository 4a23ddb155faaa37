package dev.troth.server.counting;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.troth.slo.chain.Span;
import dev.troth.slo.chain.Span.SpanKind;
import java.util.Map;

/** A span of an open request as its row keeps it: JSON with short names, side by side. */
record OpenSpan(
    @JsonUnwrapped Ids ids,
    @JsonUnwrapped Place place,
    @JsonUnwrapped Time time,
    boolean b,
    double w,
    Map<String, String> a) {

  private record Ids(long i, long p) {}

  private record Place(String c, String n, SpanKind k) {}

  private record Time(long s, long e) {}

  static OpenSpan of(Span span) {
    return new OpenSpan(
        new Ids(span.ids().span(), span.ids().parent()),
        new Place(span.place().service(), span.place().name(), span.place().kind()),
        new Time(span.time().start(), span.time().end()),
        span.error(),
        span.weight(),
        span.attributes());
  }

  /** Whether nothing is missing that a span has: what comes from elsewhere may be anything. */
  boolean isWhole() {
    return place.c != null && place.n != null && place.k != null && a != null;
  }

  Span span(String trace) {
    return new Span(
        new Span.Ids(trace, ids.i, ids.p),
        new Span.Place(place.c, place.n, place.k),
        new Span.Interval(time.s, time.e),
        b,
        a,
        w);
  }
}
