package dev.troth.server.console.explore;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.figure.Layers;
import dev.troth.server.console.figure.Listing;
import dev.troth.server.console.frame.Page;
import dev.troth.server.console.page.Slots;
import dev.troth.server.trace.ServiceMap;
import dev.troth.server.trace.ServiceMap.Calls;
import dev.troth.server.trace.ServiceMap.Edge;
import dev.troth.server.trace.ServiceMap.Node;
import dev.troth.server.trace.ServiceMaps;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Which service calls which, with rate, failures, durations and the network's round trip. */
public record MapPage(Listing<ServiceMap> map) {
  /** More than these is no picture any more; the tables go on. */
  private static final int MOST_NODES = 40;

  private static final int MOST_ROWS = 500;
  private static final int NAME = 22;

  private static final Slots<MapPage> SLOTS =
      new Slots<MapPage>()
          .text(
              "map.state",
              page ->
                  page.map.rows().stream().anyMatch(m -> !m.nodes().isEmpty())
                      ? "ok"
                      : page.map.trouble().isEmpty() ? "empty" : "error")
          .text("map.trouble", page -> page.map.trouble())
          .text("map.summary", MapPage::summary)
          .text("map.label", MapPage::label)
          .text(
              "map.box",
              page -> "0 0 %d %d".formatted(page.picture().width(), page.picture().height()))
          .text("map.width", page -> String.valueOf(page.picture().width()))
          .text("map.height", page -> String.valueOf(page.picture().height()))
          .text("map.left", MapPage::left)
          .text("map.leftHidden", page -> Formats.yes(page.left().isEmpty()))
          .each("lines", MapPage::lines, Line.SLOTS)
          .each("boxes", MapPage::boxes, Box.SLOTS)
          .each(
              "services",
              page ->
                  page.nodes().stream()
                      .limit(MOST_ROWS)
                      .map(node -> new NodeRow(node, page.length()))
                      .toList(),
              NodeRow.SLOTS)
          .each(
              "calls",
              page ->
                  page.edges().stream()
                      .limit(MOST_ROWS)
                      .map(edge -> new EdgeRow(edge, page.length()))
                      .toList(),
              EdgeRow.SLOTS)
          .text("calls.state", page -> page.edges().isEmpty() ? "empty" : "ok");

  /** The page over its services. */
  public static Page<MapPage> with(ServiceMaps maps) {
    return Page.at(
        "/map",
        "map.html",
        SLOTS,
        visit -> new MapPage(Listing.ask("The map", () -> List.of(maps.newest()))));
  }

  private List<Node> nodes() {
    return map.rows().stream().flatMap(one -> one.nodes().stream()).toList();
  }

  private List<Edge> edges() {
    return map.rows().stream().flatMap(one -> one.edges().stream()).toList();
  }

  private Duration length() {
    return map.rows().stream().findFirst().map(ServiceMap::length).orElse(Duration.ZERO);
  }

  private String summary() {
    int spans = map.rows().stream().mapToInt(ServiceMap::spans).sum();
    return spans == 0
        ? ""
        : "%s of the last %s"
            .formatted(Formats.counted(spans, "span", "spans"), Formats.span(length()));
  }

  private String label() {
    return edges().stream()
        .limit(MOST_NODES)
        .map(edge -> edge.from() + " calls " + edge.to())
        .collect(Collectors.joining(", "));
  }

  private String left() {
    return nodes().size() > MOST_NODES
        ? "The picture has the first %d of %d services; the tables have more."
            .formatted(MOST_NODES, nodes().size())
        : "";
  }

  private Layers picture() {
    List<String> names = nodes().stream().limit(MOST_NODES).map(Node::name).toList();
    return Layers.of(
        names,
        edges().stream()
            .filter(edge -> names.contains(edge.from()) && names.contains(edge.to()))
            .map(edge -> new Layers.Way(edge.from(), edge.to()))
            .toList());
  }

  private List<Line> lines() {
    Layers layers = picture();
    return edges().stream()
        .filter(edge -> layers.has(edge.from()) && layers.has(edge.to()))
        .map(edge -> new Line(edge, layers.path(edge.from(), edge.to()), length()))
        .toList();
  }

  private List<Box> boxes() {
    Layers layers = picture();
    return nodes().stream()
        .filter(node -> layers.has(node.name()))
        .map(node -> new Box(node, layers.at(node.name()), length()))
        .toList();
  }

  private static String tone(Calls calls) {
    return calls.failed() == 0 ? "ok" : "bad";
  }

  /** {@code 12.5/min}. */
  private static String rate(Calls calls, Duration length) {
    double minutes = Math.max(length.toMillis(), 1_000) / 60_000.0;
    return String.format(Locale.ROOT, "%,.1f/min", calls.count() / minutes);
  }

  private static String failed(Calls calls) {
    return calls.count() == 0
        ? Formats.UNKNOWN
        : "%s (%s)"
            .formatted(
                Formats.grouped(calls.failed()), Formats.part(calls.failed(), calls.count()));
  }

  private static String took(Calls calls, ToLongFunction<Calls> which) {
    return calls.count() == 0
        ? Formats.UNKNOWN
        : Formats.duration(which.applyAsLong(calls) / 1_000);
  }

  private static String roundTrip(Calls calls) {
    return calls.roundTrip() == 0 ? Formats.UNKNOWN : Formats.duration(calls.roundTrip());
  }

  private static String shortened(String name) {
    return name.codePointCount(0, name.length()) <= NAME
        ? name
        : name.substring(0, name.offsetByCodePoints(0, NAME - 1)) + "…";
  }

  private static String query(String service) {
    return URLEncoder.encode(service, StandardCharsets.UTF_8);
  }

  /** A call in the picture. */
  private record Line(Edge edge, String path, Duration length) {
    static final Slots<Line> SLOTS =
        new Slots<Line>()
            .text("path", Line::path)
            .text("tone", line -> tone(line.edge.calls()))
            .text(
                "title",
                line ->
                    "%s → %s: %s, %s failed, p50 %s, p99 %s, round trip %s"
                        .formatted(
                            line.edge.from(),
                            line.edge.to(),
                            rate(line.edge.calls(), line.length),
                            failed(line.edge.calls()),
                            took(line.edge.calls(), Calls::p50),
                            took(line.edge.calls(), Calls::p99),
                            roundTrip(line.edge.calls())));
  }

  /** A service in the picture. */
  private record Box(Node node, Layers.Place place, Duration length) {
    static final Slots<Box> SLOTS =
        new Slots<Box>()
            .text("x", box -> String.valueOf(box.place.x()))
            .text("y", box -> String.valueOf(box.place.y()))
            .text("textX", box -> String.valueOf(box.place.x() + 12))
            .text("nameY", box -> String.valueOf(box.place.y() + 22))
            .text("rateY", box -> String.valueOf(box.place.y() + 42))
            .text("tone", box -> tone(box.node.calls()))
            .text("observed", box -> Formats.yes(box.node.observed()))
            .text("query", box -> query(box.node.name()))
            .text("name", box -> shortened(box.node.name()))
            .text("whole", box -> box.node.name())
            .text(
                "rate",
                box ->
                    "%s, p95 %s"
                        .formatted(
                            rate(box.node.calls(), box.length),
                            took(box.node.calls(), Calls::p95)));
  }

  /** A service in its table. */
  private record NodeRow(Node node, Duration length) {
    static final Slots<NodeRow> SLOTS =
        new Slots<NodeRow>()
            .text("name", row -> row.node.name())
            .text("query", row -> query(row.node.name()))
            .text("kind", row -> row.node.observed() ? "sends spans" : "seen by its callers")
            .text("rate", row -> rate(row.node.calls(), row.length))
            .text("failed", row -> MapPage.failed(row.node.calls()))
            .text("p95", row -> took(row.node.calls(), Calls::p95));
  }

  /** Calls in their table. */
  private record EdgeRow(Edge edge, Duration length) {
    static final Slots<EdgeRow> SLOTS =
        new Slots<EdgeRow>()
            .text("from", row -> row.edge.from())
            .text("to", row -> row.edge.to())
            .text("rate", row -> rate(row.edge.calls(), row.length))
            .text("failed", row -> MapPage.failed(row.edge.calls()))
            .text("p50", row -> took(row.edge.calls(), Calls::p50))
            .text("p99", row -> took(row.edge.calls(), Calls::p99))
            .text("trip", row -> roundTrip(row.edge.calls()));
  }
}
