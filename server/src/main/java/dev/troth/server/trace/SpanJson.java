package dev.troth.server.trace;

import dev.troth.server.http.Json;
import dev.troth.server.telemetry.SpanRecord;
import dev.troth.slo.chain.Span;
import dev.troth.slo.chain.Span.SpanKind;
import java.util.List;
import java.util.Map;

/** A span as its row keeps it: what is not a column, as JSON with short names. */
record SpanJson(
    String n,
    SpanKind k,
    long p,
    long s,
    long e,
    String c,
    String m,
    double w,
    Map<String, String> a,
    List<SpanRecord.Event> v) {

  static String write(SpanRecord record) {
    Span span = record.span();
    return Json.mapper()
        .writeValueAsString(
            new SpanJson(
                span.place().name(),
                span.place().kind(),
                span.ids().parent(),
                span.time().start(),
                span.time().end(),
                record.status(),
                record.statusMessage(),
                span.weight(),
                span.attributes(),
                record.events()));
  }

  static SpanRecord read(String trace, String id, String service, String body) {
    SpanJson json = Json.mapper().readValue(body, SpanJson.class);
    Span span =
        new Span(
            new Span.Ids(trace, Long.parseUnsignedLong(id, 16), json.p),
            new Span.Place(service, json.n, json.k),
            new Span.Interval(json.s, json.e),
            json.c.equals("error"),
            json.a,
            json.w);
    return new SpanRecord(span, json.c, json.m, json.v);
  }
}
