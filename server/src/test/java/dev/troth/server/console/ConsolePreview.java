package dev.troth.server.console;

import dev.troth.server.TestPlatform;
import dev.troth.server.http.Json;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Serves the console over a platform with a little of everything, to look at: {@code PORT}. */
final class ConsolePreview {
  private static final String SCHEMA =
      "{\"type\":\"object\",\"required\":[\"orderId\"],\"properties\":{\"orderId\":{\"type\":\"string\"},"
          + "\"weight\":{\"type\":\"string\"}}}";

  private final TestPlatform platform;
  private final String asAnother;
  private long ids;

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
    Runtime.getRuntime().addShutdownHook(new Thread(platform::close));
    System.out.println("the console is at " + platform.uri("/"));
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

  private void traces() {
    for (int i = 0; i < 60; i++) {
      boolean broken = i % 3 == 0;
      String trace = "%032x".formatted(++ids);
      long end = platform.clock().instant().toEpochMilli() * 1_000_000 + i * 500_000_000L;
      long api = ++ids;
      long handler = ++ids;
      long publish = ++ids;
      List<Object> services = new ArrayList<>();
      services.add(service("orders-api", span(trace, api, 0, 2, "POST /orders", 201, end, 48)));
      services.add(
          service(
              "orders-handler",
              span(trace, handler, api, 2, "POST /orders", 201, end, 40),
              span(trace, ++ids, handler, 3, "PUT /orders/{id}", 200, end, 12),
              span(trace, publish, handler, 3, "POST /api/events", broken ? 422 : 201, end, 9)));
      services.add(
          service(
              "orders-store", span(trace, ++ids, ids - 2, 2, "PUT /orders/{id}", 200, end, 10)));
      services.add(
          service(
              "consumer",
              span(trace, ++ids, publish, 2, "order placed", broken ? 500 : 200, end, 6)));
      post(
          "http://127.0.0.1:" + platform.port("otlp-http") + "/v1/traces",
          Json.mapper().writeValueAsString(Map.of("resourceSpans", services)));
    }
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
