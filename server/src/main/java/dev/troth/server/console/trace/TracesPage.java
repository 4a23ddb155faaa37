package dev.troth.server.console.trace;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.figure.Listing;
import dev.troth.server.console.frame.Moment;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.page.Slots;
import dev.troth.server.error.DomainException;
import dev.troth.server.trace.TraceList;
import dev.troth.server.trace.TraceQuery;
import dev.troth.server.trace.Traces;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The newest traces. */
public record TracesPage(Listing<Row> traces, Filter filter, String next, String dropped) {
  private static final Slots<TracesPage> SLOTS =
      new Slots<TracesPage>()
          .text("traces.state", page -> page.traces.state())
          .text("traces.trouble", page -> page.traces.trouble())
          .text("traces.service", page -> page.filter.value("service"))
          .text("traces.name", page -> page.filter.value("name"))
          .text("traces.minMillis", page -> page.filter.value("minMillis"))
          .text("traces.status", page -> page.filter.value("status"))
          .text("traces.failed", page -> page.filter.with("status", "error").text())
          .text("traces.newest", page -> page.filter.with("before", "").text())
          .text("traces.newestHidden", page -> Formats.yes(!page.filter.isLater()))
          .text("traces.next", page -> page.filter.with("before", page.next).text())
          .text("traces.nextHidden", page -> Formats.yes(page.next.isEmpty()))
          .text("traces.summary", TracesPage::summary)
          .text("traces.dropped", TracesPage::dropped)
          .text(
              "traces.none", page -> page.filter.isEmpty() ? "No trace yet." : "No trace matches.")
          .each("traces", page -> page.traces.rows(), Row.SLOTS);

  /** The page over its services. */
  public static Page<TracesPage> with(Traces service) {
    return Page.at(
            "/traces",
            "traces.html",
            SLOTS,
            visit -> of(service, new Filter(visit.query()), visit.moment()))
        .keeping();
  }

  private static TracesPage of(Traces service, Filter filter, Moment moment) {
    TraceList[] found = {new TraceList(List.of(), null, Map.of())};
    Listing<Row> rows =
        Listing.ask(
            "Traces",
            () -> {
              found[0] = service.list(filter.query());
              return rows(found[0].traces(), moment);
            });
    if (rows.failed()) {
      moment.passes();
    }
    String next = found[0].next();
    return new TracesPage(rows, filter, next == null ? "" : next, dropped(found[0].dropped()));
  }

  /** {@code 12 refused, 3 too late}: what is missing here, by the names the API counts it. */
  private static String dropped(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .filter(count -> count.getValue() > 0)
        .map(count ->
            Formats.grouped(count.getValue())
                + " "
                + count.getKey().replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  private static List<Row> rows(List<TraceList.Row> traces, Moment moment) {
    double longest = traces.stream().mapToDouble(TraceList.Row::durationMillis).max().orElse(1);
    return traces.stream().map(trace -> new Row(trace, Math.max(longest, 0.001), moment)).toList();
  }

  private String summary() {
    if (traces.failed()) {
      return "";
    }
    String failed = filter.value("status").equals("error") ? "failed, " : "";
    String order = filter.isLater() ? "older ones, newest first" : "newest first";
    return Formats.counted(traces.rows().size(), "trace", "traces") + ", " + failed + order;
  }

  /** What the page's address asks for. */
  private record Filter(Map<String, String> values) {
    String value(String name) {
      return values.getOrDefault(name, "");
    }

    boolean isEmpty() {
      return values.keySet().stream().allMatch(name -> name.equals("before"));
    }

    boolean isLater() {
      return values.containsKey("before");
    }

    TraceQuery query() {
      try {
        return TraceQuery.parse(name -> Optional.ofNullable(values.get(name)));
      } catch (IllegalArgumentException wrong) {
        throw new DomainException.Invalid(String.valueOf(wrong.getMessage()));
      }
    }

    /** The same from the first page on, with another value; an empty one is left out. */
    Filter with(String name, String value) {
      Map<String, String> changed = new LinkedHashMap<>(values);
      changed.remove("before");
      changed.put(name, value);
      changed.values().removeIf(String::isEmpty);
      return new Filter(changed);
    }

    /** The query of an address. */
    String text() {
      return values.entrySet().stream()
          .map(one -> encoded(one.getKey()) + "=" + encoded(one.getValue()))
          .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
  }

  /** One trace; its bar compares it with the longest shown. */
  private record Row(TraceList.Row trace, double longest, Moment moment) {
    static final Slots<Row> SLOTS =
        new Slots<Row>()
            .text("id", row -> Formats.pathOf(row.trace.id()))
            .text("root", Row::root)
            .text("service", row -> row.trace.service())
            .text("status", row -> row.trace.errors() > 0 ? "error" : "ok")
            .text("services", Row::services)
            .text("width", Row::width)
            .text("took", row -> Formats.millis(row.trace.durationMillis()))
            .text("outcome", Row::outcome)
            .text("at", row -> row.trace.start().toString())
            .text("ago", row -> row.moment.ago(row.trace.start()));

    private String root() {
      return trace.root().isEmpty() ? "(root not seen)" : trace.root();
    }

    private String services() {
      return Formats.counted(trace.spans(), "span", "spans")
          + " · "
          + String.join(", ", trace.services());
    }

    private String width() {
      return Formats.part(Math.round(trace.durationMillis() / longest * 10_000), 10_000);
    }

    private String outcome() {
      return trace.errors() == 0 ? "ok" : Formats.counted(trace.errors(), "error", "errors");
    }
  }
}
