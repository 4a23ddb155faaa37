package dev.troth.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.orders.api.Api;
import dev.troth.orders.consumer.Consumer;
import dev.troth.orders.handler.Handler;
import dev.troth.orders.http.Service.Listen;
import dev.troth.orders.order.OrderPlacedContract;
import dev.troth.orders.process.Running;
import dev.troth.orders.process.Telemetry;
import dev.troth.orders.store.Store;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The four services in one process, against a platform that only takes events and tells of them.
 */
final class ChainTest {
  private static final String ORDER =
      """
      {"customer":"ada","currency":"EUR","items":[{"sku":"TEA-SENCHA","quantity":2,"unitCents":1250}]}
      """;
  private static final AttributeKey<Long> FAILED = AttributeKey.longKey("troth.failed_entries");
  private static final AttributeKey<Long> RESENDS =
      AttributeKey.longKey("http.request.resend_count");

  @TempDir private Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final OpenTelemetrySdk telemetry =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(spans))
                  .build())
          .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
          .build();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Listen anyPort = new Listen(0, false);
  private FakePlatform platform;
  private Running store;
  private Running handler;
  private Running api;
  private Running consumer;

  @BeforeEach
  void start() throws Exception {
    start(telemetry);
  }

  private void start(OpenTelemetry otel) throws Exception {
    platform = opened(new FakePlatform());
    store =
        opened(Store.start(anyPort, new Store.Settings(folder.resolve("orders.db"), true), otel));
    handler =
        opened(
            Handler.start(
                anyPort,
                new Handler.Settings(
                    store.uri(),
                    platform.uri(),
                    Optional.empty(),
                    OrderPlacedContract.load(),
                    true),
                otel));
    api = opened(Api.start(anyPort, new Api.Settings(handler.uri(), Optional.empty()), otel));
    consumer =
        opened(
            Consumer.start(
                anyPort,
                new Consumer.Settings(
                    platform.uri(),
                    Optional.empty(),
                    OrderPlacedContract.load(),
                    folder.resolve("consumer.db")),
                otel));
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable part : open.reversed()) {
      part.close();
    }
    client.close();
  }

  @Test
  void anOrderIsStoredPublishedAndSeenByTheConsumer() throws Exception {
    HttpResponse<String> placed = post(ORDER);

    assertThat(placed.statusCode()).isEqualTo(201);
    JsonNode order = json(placed);
    String id = order.path("orderId").asString();
    assertThat(placed.headers().firstValue("Location")).hasValue("/orders/" + id);
    assertThat(order.path("amountCents").asLong()).isEqualTo(2500);
    assertThat(get(api, "/orders/" + id)).isEqualTo(order);
    assertThat(get(store, "/orders/" + id)).isEqualTo(order);

    JsonNode event = platform.events.getFirst();
    assertThat(event.path("id").asString()).isEqualTo(id + "-placed");
    assertThat(event.path("type").asString()).isEqualTo("order_placed");
    assertThat(event.path("subject").asString()).isEqualTo("order/" + id);
    assertThat(event.path("data")).isEqualTo(order);

    await().until(() -> status(consumer, "/orders/" + id) == 200);
    JsonNode seen = get(consumer, "/orders/" + id);
    assertThat(seen.path("order")).isEqualTo(order);
    assertThat(seen.path("eventId").asString()).isEqualTo(id + "-placed");
  }

  @Test
  void theEventSaysForWhomTheApiTookTheOrder() throws Exception {
    HttpRequest asTheApiSays =
        HttpRequest.newBuilder(handler.uri().resolve("/orders"))
            .header("Content-Type", "application/json")
            .header("Troth-Caller", "ada+%C3%A9")
            .POST(BodyPublishers.ofString(ORDER))
            .build();
    assertThat(client.send(asTheApiSays, BodyHandlers.ofString()).statusCode()).isEqualTo(201);

    JsonNode event = platform.events.getFirst();
    assertThat(event.path("authtype").asString()).isEqualTo("app_user");
    assertThat(event.path("authid").asString()).isEqualTo("ada é");
    assertThat(event.has("dataschema")).isFalse(); // the contract is the one in the jar
  }

  @Test
  void theSpansOfOneRequestAreOneTraceThatTheEventPointsTo() throws Exception {
    String id = json(post(ORDER)).path("orderId").asString();
    await().until(() -> status(consumer, "/orders/" + id) == 200);
    await().until(() -> named("process order_placed").size() == 1);

    List<SpanData> gateway = named("POST /orders", SpanKind.SERVER);
    String trace = gateway.getFirst().getTraceId();
    assertThat(spans.getFinishedSpanItems().stream().filter(s -> s.getTraceId().equals(trace)))
        .extracting(span -> span.getKind() + " " + span.getName())
        .containsExactlyInAnyOrder(
            "SERVER POST /orders",
            "CLIENT POST /orders",
            "SERVER POST /orders",
            "CLIENT PUT /orders/{id}",
            "SERVER PUT /orders/{id}",
            "CLIENT POST /api/events");
    SpanData publish = named("POST /api/events").getFirst();
    assertThat(publish.getAttributes().get(FAILED)).isZero();
    assertThat(publish.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(platform.events.getFirst().path("traceparent").asString()).contains(trace);
    SpanData process = named("process order_placed").getFirst();
    assertThat(process.getTraceId()).isNotEqualTo(trace);
    assertThat(process.getLinks().getFirst().getSpanContext().getTraceId()).isEqualTo(trace);
  }

  @Test
  void withoutTelemetryTheTraceparentOfTheCallerStillGoesAllTheWay() throws Exception {
    stop();
    open.clear();
    try (var off = Telemetry.open("orders", Optional.empty())) {
      start(off.api());
      String traceId = "0af7651916cd43dd8448eb211c80319c";
      HttpRequest request =
          HttpRequest.newBuilder(api.uri().resolve("/orders"))
              .header("Content-Type", "application/json")
              .header("traceparent", "00-" + traceId + "-b7ad6b7169203331-01")
              .POST(BodyPublishers.ofString(ORDER))
              .build();
      try (HttpClient another = HttpClient.newHttpClient()) {
        assertThat(another.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
      }
      assertThat(platform.events.getFirst().path("traceparent").asString()).contains(traceId);
    }
  }

  @Test
  void aRefusedPublishIsHiddenFromTheCallerButNotFromTheSpans() throws Exception {
    fault(handler, "{\"fault\":\"publish\",\"variant\":\"refused\",\"seconds\":60}");

    HttpResponse<String> placed = post(ORDER);

    assertThat(placed.statusCode()).isEqualTo(201);
    assertThat(get(api, placed.headers().firstValue("Location").orElseThrow())).isNotNull();
    assertThat(platform.events).isEmpty();
    assertThat(named("POST /api/events"))
        .hasSize(2)
        .allMatch(span -> span.getStatus().getStatusCode() == StatusCode.ERROR);
  }

  @Test
  void aPartlyFailedPublishCountsItsFailedEntries() throws Exception {
    fault(handler, "{\"fault\":\"publish\",\"variant\":\"partial\",\"seconds\":60}");

    assertThat(post(ORDER).statusCode()).isEqualTo(201);

    assertThat(platform.events).isEmpty();
    SpanData publish = named("POST /api/events").getFirst();
    assertThat(publish.getAttributes().get(FAILED)).isEqualTo(1);
    assertThat(publish.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
  }

  @Test
  void theProducerDoesNotPublishWhatBreaksTheContract() throws Exception {
    fault(handler, "{\"fault\":\"bad-payload\",\"variant\":\"caught\",\"seconds\":60}");

    assertThat(post(ORDER).statusCode()).isEqualTo(201);

    assertThat(platform.events).isEmpty();
    SpanData work = named("POST /orders", SpanKind.SERVER).getFirst();
    assertThat(work.getEvents().getFirst().getAttributes().asMap().toString())
        .contains("customer", "amountCents");
  }

  @Test
  void whatSlipsPastTheProducerIsADeadLetterOfTheConsumer() throws Exception {
    fault(handler, "{\"fault\":\"bad-payload\",\"variant\":\"slipped\",\"seconds\":60}");

    String id = json(post(ORDER)).path("orderId").asString();

    await().until(() -> get(consumer, "/counts").path("deadLetters").asInt() == 1);
    JsonNode letter = get(consumer, "/dead-letters").get(0);
    assertThat(letter.path("subject").asString()).isEqualTo("order/" + id);
    assertThat(letter.path("reason").asString()).contains("customer", "/amountCents");
    await().until(() -> named("process order_placed").size() == 1);
    assertThat(named("process order_placed").getFirst().getStatus().getStatusCode())
        .isEqualTo(StatusCode.ERROR);
  }

  @Test
  void aHiddenRetryLeavesOneOrderAndTwoSpans() throws Exception {
    fault(store, "{\"fault\":\"retries\",\"seconds\":60}");

    assertThat(post(ORDER).statusCode()).isEqualTo(201);

    List<SpanData> writes = named("PUT /orders/{id}", SpanKind.CLIENT);
    assertThat(writes)
        .extracting(span -> span.getStatus().getStatusCode())
        .containsExactly(StatusCode.ERROR, StatusCode.UNSET);
    assertThat(writes.getLast().getAttributes().get(RESENDS)).isEqualTo(1);
    assertThat(platform.events).hasSize(1);
  }

  @Test
  void aStoreThatIsAwayIsA502AndNothingIsPublished() throws Exception {
    store.close();

    HttpResponse<String> answer = post(ORDER);

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(json(answer).path("title").asString()).isEqualTo("Order store away");
    assertThat(platform.events).isEmpty();
  }

  @Test
  void puttingAnOrderTwiceIsOneOrderAndAnotherUnderItsIdIsRefused() throws Exception {
    JsonNode order = json(post(ORDER));
    String path = "/orders/" + order.path("orderId").asString();
    String other = order.toString().replace("\"ada\"", "\"bob\"");

    assertThat(put(store, path, order.toString()).statusCode()).isEqualTo(200);
    assertThat(put(store, path, other).statusCode()).isEqualTo(409);
    assertThat(put(store, path, "{\"orderId\":1}").statusCode()).isEqualTo(422);
    assertThat(get(store, path)).isEqualTo(order);
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.add(part);
    return part;
  }

  private List<SpanData> named(String name) {
    return spans.getFinishedSpanItems().stream().filter(s -> s.getName().equals(name)).toList();
  }

  private List<SpanData> named(String name, SpanKind kind) {
    return named(name).stream().filter(span -> span.getKind() == kind).toList();
  }

  private void fault(Running at, String fault) throws Exception {
    assertThat(send(at.uri().resolve("/-/faults"), "POST", fault).statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> post(String order) throws Exception {
    return send(api.uri().resolve("/orders"), "POST", order);
  }

  private HttpResponse<String> put(Running at, String path, String body) throws Exception {
    return send(at.uri().resolve(path), "PUT", body);
  }

  private HttpResponse<String> send(URI uri, String method, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private int status(Running at, String path) throws Exception {
    return client
        .send(HttpRequest.newBuilder(at.uri().resolve(path)).build(), BodyHandlers.discarding())
        .statusCode();
  }

  private JsonNode get(Running at, String path) throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(at.uri().resolve(path)).build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return json(answer);
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return JsonMapper.shared().readTree(answer.body());
  }
}
