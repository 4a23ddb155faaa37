package dev.troth.server.console.trace;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.frame.AsOf;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.frame.Visit;
import dev.troth.server.console.page.Slots;
import dev.troth.server.error.DomainException;
import dev.troth.server.subject.Subjects;
import dev.troth.server.trace.SpanView;
import dev.troth.server.trace.TraceOutline;
import dev.troth.server.trace.TraceView.LogView;
import dev.troth.server.trace.Traces;
import dev.troth.server.trace.VerdictView;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One trace: its figures, a window of its waterfall, one span, what failed, and its logs. */
public record TracePage(
    TraceOutline outline,
    Waterfall waterfall,
    ChosenSpan span,
    AsOf asOf,
    List<SpanView> failures,
    List<LogView> logs,
    NearSection near) {
  private static final int MOST_LOGS = 500;

  private static final Slots<TracePage> SLOTS =
      new Slots<TracePage>()
          .text("trace.id", page -> page.outline.id())
          .text("trace.root", page -> page.outline.figures().root())
          .text("trace.tone", page -> page.errors() > 0 ? "bad" : "ok")
          .text("trace.outcome", page -> page.errors() > 0 ? "Failed" : "Succeeded")
          .text("trace.took", page -> Formats.duration(page.outline.figures().micros()))
          .text("trace.at", TracePage::startedAt)
          .text("trace.count", page -> Formats.grouped(page.outline.size()))
          .text("trace.services", page -> String.join(", ", page.outline.figures().services()))
          .text("trace.errors", page -> Formats.grouped(page.errors()))
          .text("trace.verdict", TracePage::verdict)
          .with("", TracePage::asOf, AsOf.SLOTS)
          .with("", TracePage::waterfall, Waterfall.SLOTS)
          .with("", TracePage::span, ChosenSpan.SLOTS)
          .with("", TracePage::near, NearSection.SLOTS)
          .text("failures.state", page -> page.failures.isEmpty() ? "empty" : "ok")
          .text("failures.trouble", page -> "")
          .text("failures.shown", TracePage::failuresShown)
          .each(
              "failures",
              page -> page.failures.stream().map(span -> new Failure(page, span)).toList(),
              new Slots<Failure>()
                  .text("link", Failure::link)
                  .text("name", failure -> failure.span.place().name())
                  .text("service", failure -> failure.span.place().service())
                  .text("detail", Failure::detail))
          .text("logs.state", page -> page.logs.isEmpty() ? "empty" : "ok")
          .text("logs.trouble", page -> "")
          .text("logs.shown", TracePage::logsShown)
          .each(
              "logs",
              page -> page.logs.stream().limit(MOST_LOGS).toList(),
              new Slots<LogView>()
                  .text("at", log -> clock(log))
                  .text("severity", LogView::severity)
                  .text("service", LogView::service)
                  .text("body", LogView::body));

  /** A span that failed. */
  private record Failure(TracePage page, SpanView span) {
    String link() {
      String at = page.asOf.isPast() ? "&at=" + page.asOf.at() : "";
      return "%s?row=%d%s&span=%s"
          .formatted(page.outline.id(), page.waterfall.from(), at, span.id());
    }

    /** Its message, or the beginning of its attributes. */
    String detail() {
      String message = span.outcome().statusMessage();
      return message.isEmpty()
          ? span.attributes().entrySet().stream()
              .limit(12)
              .map(entry -> entry.getKey() + "=" + entry.getValue())
              .collect(Collectors.joining("  "))
          : message;
    }
  }

  /** The page over its services. */
  public static Page<TracePage> with(Traces service, Subjects subjects) {
    return Page.at("/traces/{id}", "trace.html", SLOTS, visit -> of(service, subjects, visit));
  }

  private static TracePage of(Traces service, Subjects subjects, Visit visit) {
    TraceOutline outline =
        visit
            .at()
            .map(at -> service.outline(visit.id(), at))
            .orElseGet(() -> service.outline(visit.id()))
            .orElseThrow(() ->
                new DomainException.NotFound(
                    "there is no trace '%s'; traces are kept for a while, then dropped"
                        .formatted(visit.id())));
    String chosen = visit.query().getOrDefault("span", "");
    AsOf asOf = AsOf.of(outline.id(), visit, outline.figures().arrived());
    return new TracePage(
        outline,
        Waterfall.of(service, outline, row(visit), chosen, asOf),
        new ChosenSpan(service.span(outline, chosen).orElse(null)),
        asOf,
        service.failures(outline),
        service.logs(outline.id(), MOST_LOGS + 1),
        NearSection.of(subjects, visit.caller(), end(outline)));
  }

  private static Instant end(TraceOutline outline) {
    return outline.figures().start().plus(outline.figures().micros(), ChronoUnit.MICROS);
  }

  private static int row(Visit visit) {
    String row = visit.query().getOrDefault("row", "0");
    if (!row.matches("[0-9]{1,9}")) {
      throw new DomainException.Invalid("row is '%s', expected the number of a row".formatted(row));
    }
    return Integer.parseInt(row);
  }

  /** {@code 12:00:05.159}: the day is that of the trace. */
  private static String clock(LogView log) {
    return log.at().toString().substring(11).replaceFirst("Z$", "");
  }

  private String startedAt() {
    return outline.figures().start().toString().replace('T', ' ').replace("Z", " UTC");
  }

  private long errors() {
    return outline.figures().errors();
  }

  private String failuresShown() {
    return errors() > failures.size()
        ? "the first %d of %s".formatted(failures.size(), Formats.grouped(errors()))
        : "";
  }

  private String logsShown() {
    return logs.size() > MOST_LOGS ? "the first %d".formatted(MOST_LOGS) : "";
  }

  /** How the objectives counted this request. */
  private String verdict() {
    return outline.verdicts().stream()
        .map(verdict -> verdict.objective() + ": " + outcome(verdict))
        .collect(Collectors.joining(" · "));
  }

  private static String outcome(VerdictView verdict) {
    String outcome = verdict.outcome().name().toLowerCase(Locale.ROOT);
    return verdict.failed().isEmpty()
        ? outcome
        : outcome + " at " + String.join(", ", verdict.failed());
  }

  /**
   * Everything that is known of one span: its attributes and what happened in it.
   *
   * @param span the one that was chosen, or null
   */
  record ChosenSpan(@Nullable SpanView span) {
    static final Slots<ChosenSpan> SLOTS =
        new Slots<ChosenSpan>()
            .text("span.hidden", section -> Formats.yes(section.span == null))
            .text("span.name", section -> section.span == null ? "" : section.span.place().name())
            .each("facts", ChosenSpan::facts, fact())
            .each("attributes", ChosenSpan::attributes, fact())
            .text("events.state", section -> section.events().isEmpty() ? "empty" : "ok")
            .each("events", ChosenSpan::events, fact());

    private record Fact(String name, String value) {}

    private static Slots<Fact> fact() {
      return new Slots<Fact>().text("name", Fact::name).text("value", Fact::value);
    }

    private List<Fact> facts() {
      if (span == null) {
        return List.of();
      }
      List<Fact> facts = new ArrayList<>();
      facts.add(new Fact("Name", span.place().name()));
      facts.add(new Fact("Service", span.place().service()));
      facts.add(new Fact("Kind", span.place().kind().name().toLowerCase(Locale.ROOT)));
      facts.add(new Fact("Status", span.outcome().status().name().toLowerCase(Locale.ROOT)));
      if (!span.outcome().statusMessage().isEmpty()) {
        facts.add(new Fact("Message", span.outcome().statusMessage()));
      }
      facts.add(new Fact("Began after", Formats.duration(span.time().startMicros())));
      facts.add(new Fact("Took", Formats.duration(span.time().durationMicros())));
      facts.add(new Fact("Span", span.id()));
      String parent = span.parent();
      facts.add(new Fact("Parent", parent == null ? "none: it begins the trace" : parent));
      return facts;
    }

    private List<Fact> attributes() {
      return span == null ? List.of() : facts(span.attributes());
    }

    private List<Fact> events() {
      if (span == null) {
        return List.of();
      }
      List<Fact> events = new ArrayList<>();
      for (SpanView.EventView event : span.events()) {
        events.add(new Fact(Formats.duration(Math.max(0, event.atMicros())), event.name()));
        events.addAll(facts(event.attributes()));
      }
      return events;
    }

    private static List<Fact> facts(Map<String, String> attributes) {
      List<Fact> facts = new ArrayList<>();
      attributes.forEach((name, value) -> facts.add(new Fact(name, value)));
      return facts;
    }
  }
}
