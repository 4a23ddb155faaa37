package dev.troth.server.console;

import dev.troth.server.console.PageState.Span;
import dev.troth.server.console.page.Slots;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** One trace: its figures, what failed in it, and its logs. The waterfall reads the spans. */
record TracePage(Doc doc, List<Span> spans) {
  /** As many spans as go into the page's state. */
  static final int MOST_SPANS = 20_000;

  static final Slots<TracePage> SLOTS =
      new Slots<TracePage>()
          .text("trace.id", page -> page.doc.text("id"))
          .text("trace.root", TracePage::root)
          .text("trace.tone", page -> page.errors() > 0 ? "bad" : "ok")
          .text("trace.outcome", page -> page.errors() > 0 ? "Failed" : "Succeeded")
          .text("trace.took", page -> Formats.millis(page.doc.number("durationMillis")))
          .text("trace.at", page -> page.doc.text("start").replace('T', ' ').replace("Z", " UTC"))
          .text("trace.count", page -> Formats.grouped(page.all()))
          .text("trace.services", TracePage::services)
          .text("trace.errors", page -> Formats.grouped(page.errors()))
          .text("trace.verdict", TracePage::verdict)
          .text("trace.shown", TracePage::shown)
          .with("", page -> Waterfall.of(page.spans), Waterfall.SLOTS)
          .text("failures.state", page -> page.failures().isEmpty() ? "empty" : "ok")
          .text("failures.trouble", page -> "")
          .each(
              "failures",
              TracePage::failures,
              new Slots<Span>()
                  .text("name", Span::name)
                  .text("service", Span::service)
                  .text("detail", Span::detail))
          .text("logs.state", page -> page.doc.list("logs").isEmpty() ? "empty" : "ok")
          .text("logs.trouble", page -> "")
          .each(
              "logs",
              page -> page.doc.list("logs"),
              new Slots<Doc>()
                  .text("at", log -> clock(log.text("at")))
                  .text("severity", log -> log.text("severity"))
                  .text("service", log -> log.text("service"))
                  .text("body", log -> log.text("body")));

  static TracePage of(Doc doc) {
    return new TracePage(
        doc, doc.list("spans").stream().limit(MOST_SPANS).map(TracePage::span).toList());
  }

  private static Span span(Doc span) {
    return new Span(
        span.text("id"),
        span.text("parent"),
        span.text("service"),
        span.text("name"),
        span.text("kind"),
        Math.max(0, span.whole("startMicros")),
        Math.max(0, span.whole("durationMicros")),
        span.text("status").equals("error"),
        detail(span));
  }

  private static String detail(Doc span) {
    String attributes =
        span.at("attributes").node().properties().stream()
            .map(entry -> Map.entry(entry.getKey(), entry.getValue().asString("")))
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .limit(12)
            .collect(Collectors.joining("  "));
    String message = span.text("statusMessage");
    return message.isEmpty() ? attributes : message + "  " + attributes;
  }

  /** {@code 12:00:05.159} out of an ISO-8601 instant: the day is that of the trace. */
  private static String clock(String instant) {
    return instant.length() < 20 ? instant : instant.substring(11).replaceFirst("Z$", "");
  }

  private int all() {
    return doc.list("spans").size();
  }

  private long errors() {
    return spans.stream().filter(Span::error).count();
  }

  private List<Span> failures() {
    return spans.stream().filter(Span::error).limit(20).toList();
  }

  private String root() {
    return Waterfall.of(spans).first().map(Span::name).orElse("Empty trace");
  }

  private String services() {
    return spans.stream().map(Span::service).distinct().collect(Collectors.joining(", "));
  }

  /** How the objectives counted this request. */
  private String verdict() {
    return doc.list("verdicts").stream()
        .map(verdict -> verdict.text("objective") + ": " + outcome(verdict))
        .collect(Collectors.joining(" · "));
  }

  private static String outcome(Doc verdict) {
    List<String> failed = verdict.texts("failed");
    return failed.isEmpty()
        ? verdict.text("outcome")
        : verdict.text("outcome") + " at " + String.join(", ", failed);
  }

  private String shown() {
    return all() > spans.size()
        ? "the first %s of %s spans"
            .formatted(Formats.grouped(spans.size()), Formats.grouped(all()))
        : Formats.counted(all(), "span", "spans") + ", in order of their start";
  }
}
