package dev.troth.server.objective;

import com.google.protobuf.ByteString;
import dev.troth.server.TestPlatform;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntSupplier;

/** Orders as the example's services send them: four spans that share a trace id. */
public final class OrderTraces {
  private final HttpClient client;
  private final IntSupplier port;
  private final InstantSource clock;
  private long number;

  /** Sends to a platform in this process, by its clock. */
  public OrderTraces(TestPlatform platform) {
    this(platform.client(), () -> platform.port("otlp-http"), platform.clock());
  }

  /** Sends to any platform. */
  OrderTraces(HttpClient client, IntSupplier port, InstantSource clock) {
    this.client = client;
    this.port = port;
    this.clock = clock;
  }

  /** How publishing ends; the caller gets a 201 in every case. */
  public enum Publish {
    TAKEN(200, 0),
    REFUSED(422, 1),
    PARTLY_FAILED(207, 1),
    NEVER_SENT(0, 0);

    final int status;
    final int failedEntries;

    Publish(int status, int failedEntries) {
      this.status = status;
      this.failedEntries = failedEntries;
    }
  }

  /** So many orders that end now; returns the trace ids. */
  public List<String> orders(int count, Publish publish) {
    return orders(count, publish, "");
  }

  /** The same of a tenant; without one if it is empty. */
  public List<String> orders(int count, Publish publish, String tenant) {
    List<String> ids = new ArrayList<>();
    var request = ExportTraceServiceRequest.newBuilder();
    for (int i = 0; i < count; i++) {
      ids.add(order(request, ++number, publish, tenant));
    }
    HttpResponse<byte[]> answer = send(request.build());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("answer is " + answer.statusCode());
    }
    return ids;
  }

  public HttpResponse<byte[]> send(ExportTraceServiceRequest request) {
    URI uri = URI.create("http://127.0.0.1:" + port.getAsInt() + "/v1/traces");
    try {
      return client.send(
          HttpRequest.newBuilder(uri)
              .header("Content-Type", "application/x-protobuf")
              .POST(HttpRequest.BodyPublishers.ofByteArray(request.toByteArray()))
              .build(),
          BodyHandlers.ofByteArray());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** The spans of one order; the same number is the same trace. */
  String order(ExportTraceServiceRequest.Builder request, long number, Publish publish) {
    return order(request, number, publish, "");
  }

  /** The same, whose entry says of which tenant it is, if that is not empty. */
  public String order(
      ExportTraceServiceRequest.Builder request, long number, Publish publish, String tenant) {
    ByteString trace = bytes(0x7071L, number);
    Instant end = clock.instant();
    Span.Builder entry =
        span(trace, number * 10, SpanKind.SPAN_KIND_SERVER, "POST /orders", 201, end);
    if (!tenant.isEmpty()) {
      entry.addAttributes(
          KeyValue.newBuilder()
              .setKey("tenant")
              .setValue(AnyValue.newBuilder().setStringValue(tenant)));
    }
    request.addResourceSpans(
        service("orders-api").addScopeSpans(ScopeSpans.newBuilder().addSpans(entry)));
    var handler = ScopeSpans.newBuilder();
    handler.addSpans(
        span(trace, number * 10 + 1, SpanKind.SPAN_KIND_SERVER, "POST /orders", 201, end));
    handler.addSpans(
        span(trace, number * 10 + 2, SpanKind.SPAN_KIND_CLIENT, "PUT /orders/{id}", 200, end));
    if (publish != Publish.NEVER_SENT) {
      Span.Builder bus =
          span(
              trace,
              number * 10 + 3,
              SpanKind.SPAN_KIND_CLIENT,
              "POST /api/events",
              publish.status,
              end);
      bus.addAttributes(attribute("troth.failed_entries", publish.failedEntries));
      if (publish.status >= 400) {
        bus.setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR));
      }
      handler.addSpans(bus);
    }
    request.addResourceSpans(service("orders-handler").addScopeSpans(handler));
    return HexFormat.of().formatHex(trace.toByteArray());
  }

  private static ResourceSpans.Builder service(String name) {
    return ResourceSpans.newBuilder()
        .setResource(
            Resource.newBuilder()
                .addAttributes(
                    KeyValue.newBuilder()
                        .setKey("service.name")
                        .setValue(AnyValue.newBuilder().setStringValue(name))));
  }

  private static Span.Builder span(
      ByteString trace, long id, SpanKind kind, String name, int status, Instant end) {
    long nanos = end.toEpochMilli() * 1_000_000;
    return Span.newBuilder()
        .setTraceId(trace)
        .setSpanId(bytes(id))
        .setKind(kind)
        .setName(name)
        .setStartTimeUnixNano(nanos - 40_000_000)
        .setEndTimeUnixNano(nanos)
        .addAttributes(attribute("http.response.status_code", status));
  }

  private static KeyValue attribute(String key, long value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setIntValue(value))
        .build();
  }

  private static ByteString bytes(long... words) {
    ByteBuffer buffer = ByteBuffer.allocate(8 * words.length);
    for (long word : words) {
      buffer.putLong(word);
    }
    return ByteString.copyFrom(buffer.array());
  }
}
