package dev.troth.server.telemetry;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.troth.server.http.Bodies;
import dev.troth.server.http.Json;
import dev.troth.server.http.PackedBodies;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * OTLP over HTTP: {@code /v1/traces}, {@code /v1/metrics}, {@code /v1/logs}, protobuf or JSON, gzip
 * or plain.
 *
 * <p>429 with {@code Retry-After} when there is no room, which senders take as "later" (OTLP 1.10,
 * "OTLP/HTTP Throttling"); 400 for what can never be read.
 */
public final class OtlpRoutes implements Routes {
  private static final String PROTOBUF = "application/x-protobuf";
  private static final String JSON = "application/json";
  private static final int RETRY_SECONDS = 2;
  private static final int DECODED_TIMES = 3;

  private final Intake intake;
  private final Forwarder forwarder;
  private final OtlpJson json = new OtlpJson(Json.mapper());
  private final int longest;

  /** Routes; {@code longest} bounds a body after unpacking, in bytes. */
  public OtlpRoutes(Intake intake, Forwarder forwarder, int longest) {
    this.intake = intake;
    this.forwarder = forwarder;
    this.longest = longest;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules.post(
        "/v1/traces",
        (request, response) ->
            receive(
                request,
                response,
                ExportTraceServiceRequest.getDefaultInstance(),
                message -> Decoder.traces((ExportTraceServiceRequest) message),
                "Spans"));
    rules.post(
        "/v1/metrics",
        (request, response) ->
            receive(
                request,
                response,
                ExportMetricsServiceRequest.getDefaultInstance(),
                message -> Decoder.metrics((ExportMetricsServiceRequest) message),
                "DataPoints"));
    rules.post(
        "/v1/logs",
        (request, response) ->
            receive(
                request,
                response,
                ExportLogsServiceRequest.getDefaultInstance(),
                message -> Decoder.logs((ExportLogsServiceRequest) message),
                "LogRecords"));
  }

  private void receive(
      ServerRequest request,
      ServerResponse response,
      Message type,
      Function<Message, Batch> decode,
      String items) {
    Json.requireType(request, PROTOBUF, JSON);
    boolean isJson = contentType(request).startsWith(JSON);
    Message message = parse(body(request), type, isJson);
    Batch batch = decode.apply(message);
    switch (intake.offer(batch)) {
      case STORED -> {
        forwarder.offer(message);
        accept(response, batch.rejected(), items, isJson);
      }
      case FULL -> refuse(response, 429, "the intake is full: send again in 2 s");
      case FAILED -> refuse(response, 503, "it could not be stored: send again in 2 s");
    }
  }

  private static void refuse(ServerResponse response, int status, String detail) {
    response.header(HeaderNames.RETRY_AFTER, Integer.toString(RETRY_SECONDS));
    Json.send(response, Problem.of(status, detail));
  }

  private static String contentType(ServerRequest request) {
    return request
        .headers()
        .first(HeaderNames.CONTENT_TYPE)
        .orElse("")
        .strip()
        .toLowerCase(Locale.ROOT);
  }

  private byte[] body(ServerRequest request) {
    byte[] body = Bodies.read(request);
    // Decoding makes objects of it, about so many times as large.
    Bodies.hold(request, DECODED_TIMES * (long) body.length);
    return PackedBodies.plain(request, body, longest, 1 + DECODED_TIMES);
  }

  private Message parse(byte[] body, Message type, boolean isJson) {
    try {
      return isJson
          ? json.read(body, type.newBuilderForType()).build()
          : type.getParserForType().parseFrom(body);
    } catch (InvalidProtocolBufferException wrong) {
      throw Problem.badRequest(
              "the body is not %s: %s"
                  .formatted(type.getDescriptorForType().getName(), wrong.getMessage()))
          .toException();
    } catch (IllegalArgumentException wrong) {
      throw Problem.badRequest(String.valueOf(wrong.getMessage())).toException();
    }
  }

  private static void accept(
      ServerResponse response, Batch.Rejected rejected, String items, boolean isJson) {
    if (isJson) {
      Object answer =
          rejected.count() == 0 ? Map.of() : Map.of("partialSuccess", partial(rejected, items));
      Json.send(response, answer);
      return;
    }
    response.header(HeaderNames.CONTENT_TYPE, PROTOBUF);
    response.send(PartialSuccess.ofTraces(rejected).toByteArray());
  }

  /** In the order of the fields (OTLP 1.10, {@code ExportTracePartialSuccess}). */
  private static Map<String, String> partial(Batch.Rejected rejected, String items) {
    Map<String, String> members = new LinkedHashMap<>();
    members.put("rejected" + items, Integer.toString(rejected.count()));
    members.put("errorMessage", rejected.reason());
    return members;
  }
}
