package dev.troth.server.trace;

import dev.troth.server.trace.TraceViewStore.Cursor;
import dev.troth.server.trace.TraceViewStore.Trace;
import dev.troth.server.trace.TraceViewStore.Wanted;
import dev.troth.slo.chain.Span;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What people ask about traces, as documents of the API and the console. */
public final class Traces {
  private static final int MOST = 500;

  private final TraceViewStore traces;
  private final Function<List<Span>, ? extends List<?>> verdicts;
  private final Supplier<Map<String, Long>> losses;

  /**
   * @param verdicts what the spans of a trace count as, for each objective
   * @param losses what was received and is not kept or counted, by reason
   */
  public Traces(
      TraceViewStore traces,
      Function<List<Span>, ? extends List<?>> verdicts,
      Supplier<Map<String, Long>> losses) {
    this.traces = traces;
    this.verdicts = verdicts;
    this.losses = losses;
  }

  /**
   * The newest traces that fit a query: {@code service}, {@code name}, {@code status}, {@code
   * minMillis}, {@code limit}, {@code before}.
   *
   * @throws IllegalArgumentException when a value of the query cannot be read
   */
  public Map<String, Object> list(Function<String, Optional<String>> query) {
    TraceViewStore.Page page = traces.list(wanted(query));
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("traces", page.traces());
    if (page.next() != null) {
      document.put("next", page.next());
    }
    document.put("dropped", losses.get());
    return document;
  }

  private static Wanted wanted(Function<String, Optional<String>> query) {
    Function<String, Optional<String>> given =
        name -> query.apply(name).filter(value -> !value.isEmpty());
    Optional<String> status = given.apply("status");
    if (status.filter(s -> !s.equals("error") && !s.equals("ok")).isPresent()) {
      throw new IllegalArgumentException(
          "status is '%s', expected error or ok".formatted(status.get()));
    }
    return new Wanted(
        given.apply("service"),
        given.apply("name"),
        status.map("error"::equals),
        number(given, "minMillis", 0),
        (int) Math.clamp(number(given, "limit", 50), 1, MOST),
        given.apply("before").map(Cursor::parse));
  }

  private static double number(
      Function<String, Optional<String>> query, String name, double otherwise) {
    Optional<String> text = query.apply(name);
    try {
      return text.map(Double::parseDouble).orElse(otherwise);
    } catch (NumberFormatException wrong) {
      throw new IllegalArgumentException(
          "%s is '%s', expected a number".formatted(name, text.orElse("")), wrong);
    }
  }

  /** One trace with its log lines, and what it counted as for each objective. */
  public Optional<Map<String, Object>> trace(String id) {
    return traces.trace(id).map(this::document);
  }

  private Map<String, Object> document(Trace trace) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("id", trace.id());
    document.put("start", trace.start());
    document.put("durationMillis", trace.durationMillis());
    document.put("spans", trace.spans());
    document.put("logs", trace.logs());
    document.put("verdicts", verdicts.apply(traces.spans(trace.id())));
    return document;
  }
}
