package dev.troth.cli.slo.cloudwatch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.troth.slo.backtest.SeriesName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.dataformat.cbor.CBORMapper;

/**
 * CloudWatch as far as its API documents it: {@code GetMetricData} with pages and the periods that
 * are kept of each time, and {@code ListMetrics}, in CBOR (Smithy RPC v2).
 */
final class CloudWatchDouble implements AutoCloseable {
  private static final String OPERATIONS = "/service/GraniteServiceVersion20100801/operation/";
  private static final ObjectMapper CBOR = new CBORMapper();

  private final HttpServer server;
  private final Map<SeriesName, TreeMap<Long, Double>> series = new LinkedHashMap<>();
  private final Deque<Fault> faults = new ArrayDeque<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final List<Integer> periods = new CopyOnWriteArrayList<>();
  private int page = 10_000;
  private String state = "Complete";
  private String message = "";
  private @Nullable Lie lie;

  /** An error that the next call gets. */
  record Fault(int status, String code, String message) {}

  /** Answers instead of the service. */
  interface Lie {
    /**
     * Answers.
     *
     * @param call which it is, from 1
     */
    void answer(HttpExchange exchange, JsonNode request, int call) throws IOException;
  }

  CloudWatchDouble() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(OPERATIONS, this::answer);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** A value of the minute that begins then. */
  void put(String name, Instant minute, double value) {
    series
        .computeIfAbsent(SeriesName.of(name).orElseThrow(), _ -> new TreeMap<>())
        .put(minute.getEpochSecond(), value);
  }

  /** How many values a page holds. */
  void pageOf(int values) {
    page = values;
  }

  void failNext(Fault fault) {
    faults.add(fault);
  }

  /** How whole the last page says that its values are, and a remark. */
  void say(String statusCode, String remark) {
    state = statusCode;
    message = remark;
  }

  /** From here on all calls are answered so. */
  void lie(Lie answers) {
    lie = answers;
  }

  List<String> calls() {
    return calls;
  }

  /** The periods that were asked for, in the order of the queries. */
  List<Integer> periods() {
    return periods;
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    String operation = exchange.getRequestURI().getPath().substring(OPERATIONS.length());
    calls.add(operation);
    JsonNode request = CBOR.readTree(exchange.getRequestBody().readAllBytes());
    Lie instead = lie;
    if (instead != null) {
      try (exchange) {
        instead.answer(exchange, request, calls.size());
      }
      return;
    }
    Fault fault = faults.poll();
    if (fault != null) {
      send(
          exchange,
          fault.status(),
          Map.of("__type", "com.amazonaws.cloudwatch#" + fault.code(), "message", fault.message()));
      return;
    }
    send(exchange, 200, operation.equals("ListMetrics") ? listed(request) : values(request));
  }

  static void send(HttpExchange exchange, int status, Map<String, ?> body) throws IOException {
    byte[] bytes = CBOR.writeValueAsBytes(body);
    exchange.getResponseHeaders().add("smithy-protocol", "rpc-v2-cbor");
    exchange.getResponseHeaders().add("Content-Type", "application/cbor");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static Map<String, String> dimensions(JsonNode metric) {
    Map<String, String> dimensions = new TreeMap<>();
    metric
        .path("Dimensions")
        .forEach(one -> dimensions.put(one.path("Name").asString(), one.path("Value").asString()));
    return dimensions;
  }

  /** All values of a request in order, of which a page is a part. */
  private Map<String, Object> values(JsonNode request) {
    long from = request.path("StartTime").asLong();
    long to = request.path("EndTime").asLong();
    record Point(String id, long at, double value) {}
    List<Point> points = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (JsonNode query : request.path("MetricDataQueries")) {
      JsonNode stat = query.path("MetricStat");
      JsonNode metric = stat.path("Metric");
      int period = stat.path("Period").asInt();
      periods.add(period);
      ids.add(query.path("Id").asString());
      SeriesName name =
          new SeriesName(
              metric.path("Namespace").asString(),
              metric.path("MetricName").asString(),
              dimensions(metric),
              stat.path("Stat").asString());
      Map<Long, Double> sums = new TreeMap<>();
      series
          .getOrDefault(name, new TreeMap<>())
          .subMap(from, to)
          .forEach((at, value) -> {
            if (at >= keptSince(period)) {
              sums.merge(Math.floorDiv(at, period) * (long) period, value, Double::sum);
            }
          });
      sums.forEach((at, value) -> points.add(new Point(ids.getLast(), at, value)));
    }
    // As the service does, a page holds a part of each series.
    points.sort(Comparator.comparingLong(Point::at));
    int begin = Integer.parseInt(request.path("NextToken").asString("0"));
    int end = Math.min(points.size(), begin + page);
    boolean last = end == points.size();
    List<Map<String, Object>> results = new ArrayList<>();
    for (String id : ids) {
      List<Point> own =
          points.subList(begin, end).stream().filter(point -> point.id().equals(id)).toList();
      results.add(
          Map.of(
              "Id",
              id,
              "Label",
              id,
              "Timestamps",
              own.stream().map(Point::at).toList(),
              "Values",
              own.stream().map(Point::value).toList(),
              "StatusCode",
              last ? state : "PartialData"));
    }
    Map<String, Object> answer = new HashMap<>(Map.of("MetricDataResults", results));
    if (!last) {
      answer.put("NextToken", String.valueOf(end));
    }
    if (!message.isEmpty()) {
      answer.put("Messages", List.of(Map.of("Code", "Remark", "Value", message)));
    }
    return answer;
  }

  private static long keptSince(int period) {
    int days = period < 300 ? 15 : period < 3600 ? 63 : 455;
    return Instant.now().minus(Duration.ofDays(days)).getEpochSecond();
  }

  /** One metric a page. */
  private Map<String, Object> listed(JsonNode request) {
    List<SeriesName> found =
        series.keySet().stream()
            .filter(name -> name.namespace().equals(request.path("Namespace").asString()))
            .filter(name -> name.metric().equals(request.path("MetricName").asString()))
            .map(name -> name.as(""))
            .distinct()
            .toList();
    int at = Integer.parseInt(request.path("NextToken").asString("0"));
    Map<String, Object> answer = new HashMap<>();
    List<Map<String, Object>> metrics = new ArrayList<>();
    if (at < found.size()) {
      SeriesName name = found.get(at);
      List<Map<String, String>> dimensions = new ArrayList<>();
      name.dimensions()
          .forEach((key, value) -> dimensions.add(Map.of("Name", key, "Value", value)));
      metrics.add(
          Map.of(
              "Namespace", name.namespace(),
              "MetricName", name.metric(),
              "Dimensions", dimensions));
    }
    answer.put("Metrics", metrics);
    if (at + 1 < found.size()) {
      answer.put("NextToken", String.valueOf(at + 1));
    }
    return answer;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
