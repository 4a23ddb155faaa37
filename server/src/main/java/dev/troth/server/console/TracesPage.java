package dev.troth.server.console;

import dev.troth.server.console.page.Slots;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.node.MissingNode;

/** The newest traces. */
record TracesPage(Listing<Row> traces, Map<String, String> query, String dropped) {
  static final Slots<TracesPage> SLOTS =
      new Slots<TracesPage>()
          .text("traces.state", page -> page.traces.state())
          .text("traces.trouble", page -> page.traces.trouble())
          .text("traces.service", page -> page.query.getOrDefault("service", ""))
          .text("traces.minMillis", page -> page.query.getOrDefault("minMillis", ""))
          .text("traces.summary", TracesPage::summary)
          .text("traces.dropped", TracesPage::dropped)
          .text("traces.none", page -> page.query.isEmpty() ? "No trace yet." : "No trace matches.")
          .each("traces", page -> page.traces.rows(), Row.SLOTS);

  static TracesPage of(Feeds.Traces feed, Map<String, String> query, Instant now) {
    Doc[] found = {new Doc(MissingNode.getInstance())};
    Listing<Row> rows =
        Listing.ask(
            "Traces",
            () -> {
              found[0] = new Doc(feed.list(query));
              return rows(found[0].list("traces"), now);
            });
    return new TracesPage(rows, query, dropped(found[0].at("dropped")));
  }

  /** {@code 12 refused, 3 too late}: what is missing here, by the names the API counts it. */
  private static String dropped(Doc counts) {
    return counts.node().properties().stream()
        .filter(count -> count.getValue().asLong(0) > 0)
        .map(count ->
            Formats.grouped(count.getValue().asLong())
                + " "
                + count.getKey().replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  private static List<Row> rows(List<Doc> traces, Instant now) {
    double longest =
        traces.stream().mapToDouble(t -> t.number("durationMillis").orElse(0)).max().orElse(1);
    return traces.stream().map(trace -> new Row(trace, Math.max(longest, 0.001), now)).toList();
  }

  private String summary() {
    String order = query.containsKey("status") ? "failed, newest first" : "newest first";
    return Formats.counted(traces.rows().size(), "trace", "traces") + ", " + order;
  }

  /** One trace; its bar compares it with the longest shown. */
  record Row(Doc doc, double longest, Instant now) {
    static final Slots<Row> SLOTS =
        new Slots<Row>()
            .text("id", row -> Formats.pathOf(row.doc.text("id")))
            .text("root", row -> row.doc.text("root", "(root not seen)"))
            .text("service", row -> row.doc.text("service"))
            .text("status", row -> row.doc.whole("errors") > 0 ? "error" : "ok")
            .text("services", Row::services)
            .text("width", Row::width)
            .text("took", row -> Formats.millis(row.doc.number("durationMillis")))
            .text("outcome", Row::outcome)
            .text("at", row -> row.doc.text("start"))
            .text("ago", Row::ago);

    private String services() {
      return Formats.counted(doc.whole("spans"), "span", "spans")
          + " · "
          + String.join(", ", doc.texts("services"));
    }

    private String width() {
      double part = doc.number("durationMillis").orElse(0) / longest;
      return Formats.part(Math.round(part * 10_000), 10_000);
    }

    private String outcome() {
      long errors = doc.whole("errors");
      return errors == 0 ? "ok" : Formats.counted(errors, "error", "errors");
    }

    private String ago() {
      return doc.instant("start").map(at -> Formats.ago(now, at)).orElse(Formats.UNKNOWN);
    }
  }
}
