package dev.troth.server.console;

import dev.troth.server.TestPlatform;
import dev.troth.server.http.Json;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Serves the console over a platform with a little of everything, to look at: {@code PORT}. */
final class ConsolePreview {
  private static final String SCHEMA =
      "{\"type\":\"object\",\"required\":[\"orderId\"],\"properties\":{\"orderId\":{\"type\":\"string\"},"
          + "\"weight\":{\"type\":\"string\"}}}";

  private final TestPlatform platform;
  private final String asAnother;
  private long ids;
  private long sent;

  private ConsolePreview(TestPlatform platform) {
    this.platform = platform;
    this.asAnother = "Bearer " + platform.ownersToken();
  }

  public static void main(String[] args) {
    TestPlatform platform =
        TestPlatform.start(
            "http.listen",
            args[0],
            "slo.files",
            "src/test/resources/objectives/documents.yaml",
            "slo.watermark",
            "5s");
    ConsolePreview preview = new ConsolePreview(platform);
    preview.records();
    preview.contracts();
    preview.verdicts();
    preview.traces();
    preview.duty();
    preview.sources();
    preview.goOn();
    Runtime.getRuntime().addShutdownHook(new Thread(platform::close));
    System.out.println("the console is at " + platform.uri("/"));
  }

  /** Time goes on by itself, and orders come in. */
  private void goOn() {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          while (true) {
            LockSupport.parkNanos(1_000_000_000);
            platform.clock().advance(Duration.ofSeconds(1));
            orders(2, 97, 48);
          }
        });
  }

  private void post(String path, String json, String... headers) {
    TestPlatform.Answer answer = platform.post(path, json, headers);
    if (answer.status() >= 500) {
      throw new IllegalStateException(path + ": " + answer.body());
    }
  }

  private void records() {
    for (String target : new String[] {"record/*", "contract/*", "slo/*"}) {
      post("/api/watches", Json.mapper().writeValueAsString(Map.of("target", target)));
    }
    for (String value : new String[] {"Sealed, signed, delivered", "A promise kept"}) {
      post(
          "/api/update/1",
          Json.mapper().writeValueAsString(Map.of("value", value)),
          "Authorization",
          asAnother);
    }
  }

  private void duty() {
    platform.put(
        "/api/escalations/orders",
        "{\"target\":\"slo/*\",\"line\":[\"developer\",\"ann\"],\"within\":300}");
    platform.put(
        "/api/escalations/hosts", "{\"target\":\"agent/*\",\"line\":[\"bob\"],\"within\":900}");
    platform.put("/api/groups/ops", "{\"members\":[\"ann\",\"bob\",\"cleo\"]}");
    post("/api/groups/ops/watches", "{\"target\":\"slo/*\",\"channels\":[\"console\"]}");
    post("/api/groups/ops/watches", "{\"target\":\"record/1\",\"filter\":\"value != 'x'\"}");
    platform.put(
        "/api/preferences", "{\"quiet\":\"22:00-07:00\",\"digest\":\"1h\",\"limit\":\"20/1h\"}");
    platform.put(
        "/api/preferences", "{\"scope\":\"type:record\",\"channel\":\"slack\",\"send\":false}");
    for (String name : new String[] {"orders", "payments"}) {
      var _ =
          platform
              .database()
              .write(handle ->
                  platform
                      .changes()
                      .append(
                          handle,
                          NewChange.of(new Subject("slo", name), "alert.fired", "slo")
                              .after(
                                  Fields.of(
                                      "alert",
                                      "page",
                                      "name",
                                      name,
                                      "because",
                                      "publishing failed"))
                              .critical()));
    }
  }

  private void sources() {
    post(
        "/api/sources",
        "{\"name\":\"deploys\",\"kind\":\"webhook\",\"hook\":{\"scheme\":\"github\",\"secret\":\"only-to-be-looked-at\"}}");
    post(
        "/api/sources",
        "{\"name\":\"health\",\"kind\":\"http\",\"url\":\"%s\",\"subject\":\"service/platform\"}"
            .formatted(platform.uri("/-/ready")));
  }

  private void contracts() {
    register("order_placed-value", SCHEMA);
    register("order_placed-value", SCHEMA.replace("}}}", "},\"note\":{\"type\":\"string\"}}}"));
    platform.put("/api/contracts/order_placed-value/consumers/billing", "{\"version\":1}");
    platform.put("/api/contracts/order_placed-value/consumers/warehouse", "{\"version\":2}");
    platform.put("/registry/config/order_placed-value", "{\"compatibility\":\"NONE\"}");
    register(
        "order_placed-value",
        SCHEMA.replace(
            "\"weight\":{\"type\":\"string\"}", "\"weight\":{\"type\":\"integer\",\"minimum\":1}"));
    register("parcel_sent-value", SCHEMA);
    register("refund-value", SCHEMA);
  }

  private void register(String subject, String schema) {
    post(
        "/registry/subjects/" + subject + "/versions",
        Json.mapper().writeValueAsString(Map.of("schemaType", "JSON", "schema", schema)),
        "Authorization",
        asAnother);
  }

  private void verdicts() {
    for (int i = 0; i < 40; i++) {
      post("/gate/validate", "{\"token\":\"" + platform.ownersToken() + "\"}");
    }
    post("/gate/validate", "{\"token\":\"a.b.c.d\"}");
    post("/gate/validate", "{}");
  }

  /** An hour of orders, in which publishing failed for some minutes. */
  private void traces() {
    for (int second = 0; second < 3_600; second += 20) {
      int minute = second / 60;
      boolean fault = minute >= 36 && minute < 44;
      orders(4 + minute % 5, fault ? 2 : 97, fault ? 70 : 48);
      platform.clock().advance(Duration.ofSeconds(20));
    }
  }

  /** Sends the spans of orders, each so many of which are refused by the bus. */
  private void orders(int count, int everyBroken, int millis) {
    Map<String, List<Object>> spans = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      boolean broken = ++sent % everyBroken == 0;
      String trace = "%032x".formatted(++ids);
      long end = platform.clock().instant().toEpochMilli() * 1_000_000 - i * 900_000_000L;
      long api = ++ids;
      long handler = ++ids;
      long put = ++ids;
      long publish = ++ids;
      add(spans, "orders-api", span(trace, api, 0, 2, "POST /orders", 201, end, millis));
      add(spans, "orders-handler", span(trace, handler, api, 2, "POST /orders", 201, end, 40));
      add(spans, "orders-handler", span(trace, put, handler, 3, "PUT /orders/{id}", 200, end, 12));
      add(
          spans,
          "orders-handler",
          span(trace, publish, handler, 3, "POST /api/events", broken ? 422 : 201, end, 9));
      add(spans, "orders-store", span(trace, ++ids, put, 2, "PUT /orders/{id}", 200, end, 10));
      add(
          spans,
          "consumer",
          span(trace, ++ids, publish, 2, "order placed", broken ? 500 : 200, end, 6));
    }
    List<Object> services = new ArrayList<>();
    spans.forEach((name, list) -> services.add(service(name, list.toArray())));
    post(
        "http://127.0.0.1:" + platform.port("otlp-http") + "/v1/traces",
        Json.mapper().writeValueAsString(Map.of("resourceSpans", services)));
  }

  private static void add(Map<String, List<Object>> spans, String service, Object span) {
    spans.computeIfAbsent(service, name -> new ArrayList<>()).add(span);
  }

  private static Object service(String name, Object... spans) {
    return Map.of(
        "resource",
        Map.of(
            "attributes",
            List.of(Map.of("key", "service.name", "value", Map.of("stringValue", name)))),
        "scopeSpans",
        List.of(Map.of("spans", List.of(spans))));
  }

  private static Object span(
      String trace, long id, long parent, int kind, String name, int status, long end, int millis) {
    return Map.of(
        "traceId",
        trace,
        "spanId",
        "%016x".formatted(id),
        "parentSpanId",
        parent == 0 ? "" : "%016x".formatted(parent),
        "kind",
        kind,
        "name",
        name,
        "startTimeUnixNano",
        String.valueOf(end - millis * 1_000_000L),
        "endTimeUnixNano",
        String.valueOf(end),
        "attributes",
        List.of(
            Map.of("key", "http.response.status_code", "value", Map.of("intValue", "" + status))),
        "status",
        Map.of("code", status >= 400 ? 2 : 0));
  }
}
