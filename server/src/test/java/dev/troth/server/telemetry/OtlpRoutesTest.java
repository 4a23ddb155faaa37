package dev.troth.server.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.http.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OtlpRoutesTest {
  private static final String TRACE = "5b8efff798038103d269b633813fc60c";

  private final TestPlatform platform = TestPlatform.start();

  @AfterEach
  void stop() {
    platform.close();
  }

  private HttpResponse<String> post(String path, byte[] body, String... headers)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + platform.port("otlp-http") + path);
    return platform
        .client()
        .send(
            HttpRequest.newBuilder(uri)
                .headers(headers)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build(),
            BodyHandlers.ofString());
  }

  /** A span as the JSON encoding has it: ids in hex, 64-bit numbers as text, enums as numbers. */
  private String json(String trace, String span) {
    long end = platform.clock().instant().toEpochMilli() * 1_000_000;
    return """
    {"resourceSpans":[{"resource":{"attributes":[
        {"key":"service.name","value":{"stringValue":"web"}}]},
      "scopeSpans":[{"spans":[{"traceId":"%s","spanId":"%s","name":"GET /","kind":2,
        "startTimeUnixNano":"%d","endTimeUnixNano":"%d","futureField":{"a":[1]},
        "attributes":[{"key":"n","value":{"intValue":"7"}}],
        "status":{"code":2,"message":"broken"}}]}]}]}
    """
        .formatted(trace, span, end - 5_000_000, end);
  }

  @Test
  void jsonIsReadWithIdsInHex() throws Exception {
    var answer =
        post(
            "/v1/traces",
            json(TRACE, "eee19b7ec3c1b174").getBytes(UTF_8),
            "Content-Type",
            "application/json; charset=utf-8");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{}");
    var span = platform.get("/api/traces/" + TRACE).json().get("spans").get(0);
    assertThat(span.get("id").asString()).isEqualTo("eee19b7ec3c1b174");
    assertThat(span.get("attributes").get("n").asString()).isEqualTo("7");
    assertThat(span.get("durationMicros").asInt()).isEqualTo(5_000);
  }

  @Test
  void textsThatNoDatabaseTakesAreTakenAllTheSame() throws Exception {
    String body =
        json(TRACE, "eee19b7ec3c1b174")
            .replace("web", "w\\u0000b")
            .replace("GET /", "G\\u0000T" + "x".repeat(10_000))
            .replace("broken", "\\u0000");
    assertThat(
            post("/v1/traces", body.getBytes(UTF_8), "Content-Type", "application/json")
                .statusCode())
        .isEqualTo(200);
    assertThat(platform.get("/api/traces/" + TRACE).body()).contains("w\uFFFDb");
    String log =
        """
        {"resourceLogs":[{"resource":{"attributes":[
            {"key":"service.name","value":{"stringValue":"\\u0000"}}]},
          "scopeLogs":[{"logRecords":[{"traceId":"%s","timeUnixNano":"%d","severityText":"\\u0000",
            "body":{"stringValue":"a\\u0000b"}}]}]}]}
        """
            .formatted(TRACE, platform.clock().instant().toEpochMilli() * 1_000_000);
    assertThat(
            post("/v1/logs", log.getBytes(UTF_8), "Content-Type", "application/json").statusCode())
        .isEqualTo(200);
    assertThat(platform.get("/api/traces/" + TRACE).body()).contains("a\uFFFDb");
  }

  @Test
  void aSpanWithoutAnIdIsRejectedAndTheAnswerSaysHowMany() throws Exception {
    var answer =
        post("/v1/traces", json(TRACE, "").getBytes(UTF_8), "Content-Type", "application/json");
    assertThat(answer.statusCode()).isEqualTo(200);
    var partial = Json.mapper().readTree(answer.body()).get("partialSuccess");
    assertThat(partial.get("rejectedSpans").asString()).isEqualTo("1");
    assertThat(partial.get("errorMessage").asString()).contains("expected 8 bytes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          application/json       | {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"xyz"}]}]}]} | 400 | traceId is
          application/json       | [1]                 | 400 | not a JSON object
          application/json       | {"resourceSpans":   | 400 | not JSON
          application/x-protobuf | hello there, server | 400 | not ExportTraceServiceRequest
          text/plain             | hello               | 415 | Content-Type is text/plain
          """)
  void whatCannotBeReadIsToldAndNotToBeSentAgain(
      String type, String body, int status, String detail) throws Exception {
    var answer = post("/v1/traces", body.getBytes(UTF_8), "Content-Type", type);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(Json.mapper().readTree(answer.body()).get("detail").asString()).contains(detail);
  }

  @Test
  void aSmallBodyThatUnpacksToTooMuchIsRefused() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 20; i++) {
        gzip.write(zeros);
      }
    }
    assertThat(packed.size()).isLessThan(100_000);
    var answer =
        post(
            "/v1/traces",
            packed.toByteArray(),
            "Content-Type",
            "application/x-protobuf",
            "Content-Encoding",
            "gzip");
    assertThat(answer.statusCode()).isEqualTo(413);
  }

  @Test
  void theSameSpanTwiceIsOneSpan() throws Exception {
    for (int i = 0; i < 2; i++) {
      post(
          "/v1/traces",
          json(TRACE, "eee19b7ec3c1b174").getBytes(UTF_8),
          "Content-Type",
          "application/json");
    }
    assertThat(platform.get("/api/traces/" + TRACE).json().get("spans")).hasSize(1);
    assertThat(platform.get("/api/traces").json().get("traces").get(0).get("spans").asInt())
        .isEqualTo(1);
  }
}
