package dev.troth.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.RawHttp;
import dev.troth.server.config.Limits;
import dev.troth.server.config.ListenAddress;
import dev.troth.server.ops.Metrics;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListenerTest {
  private static final Limits LIMITS =
      new Limits(1_000, 8, 4, Duration.ofSeconds(1), Duration.ofSeconds(1));
  private final Metrics metrics = new Metrics("test");
  private Listener listener;

  /** The record that a route reads. */
  record Thing(int size) {
    Thing {
      if (size < 0) {
        throw new IllegalArgumentException("size is " + size + ", expected 0 or more");
      }
    }
  }

  @BeforeEach
  void start() {
    listen(LIMITS);
  }

  private void listen(Limits limits) {
    Routes routes =
        rules ->
            rules
                .get("/ok/{id}", (request, response) -> response.send("ok"))
                .get(
                    "/problem",
                    (request, response) -> {
                      throw Problem.conflict("taken").with("by", "ada").toException();
                    })
                .get(
                    "/bug",
                    (request, response) -> {
                      throw new IllegalStateException("a secret of the inside");
                    })
                .post(
                    "/thing",
                    (request, response) -> Json.send(response, Json.read(request, Thing.class)));
    listener =
        new Listener(
            "test",
            new ListenAddress("127.0.0.1", 0),
            limits,
            List.of(new Observe("test", metrics)),
            List.of(routes));
    listener.start();
  }

  @AfterEach
  void stop() {
    listener.stop();
  }

  private String say(String text) throws IOException {
    try (RawHttp connection = new RawHttp(listener.port())) {
      return connection.say(text).readAll();
    }
  }

  private String get(String path) throws IOException {
    return say("GET " + path + " HTTP/1.1\nHost: localhost\nConnection: close\n\n");
  }

  private String post(String body) throws IOException {
    return say(
        "POST /thing HTTP/1.1\nHost: localhost\nConnection: close\nContent-Type: application/json\n"
            + "Content-Length: "
            + body.length()
            + "\n\n"
            + body);
  }

  private String scrape() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create().write(out, metrics.registry().scrape());
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void thePortThatWasOpenIsKnownAfterTheStopToo() {
    int port = listener.port();
    listener.stop();
    assertThat(listener.port()).isEqualTo(port).isPositive();
  }

  @Test
  void aBugIsAProblemWithAnIdAndWithoutTheInside() throws IOException {
    assertThat(get("/bug"))
        .startsWith("HTTP/1.1 500")
        .contains("application/problem+json")
        .contains("error_id")
        .doesNotContain("secret");
  }

  @Test
  void everyAnswerIsCountedByItsRouteAndStatus() throws IOException {
    get("/ok/1");
    get("/ok/2");
    get("/problem");
    get("/bug");
    get("/nothing/1");
    get("/nothing/2");
    assertThat(scrape())
        .contains(count("/ok/{id}", 200, 2))
        .contains(count("/problem", 409, 1))
        .contains(count("/bug", 500, 1))
        .contains(count("(none)", 404, 2));
  }

  private static String count(String route, int status, int count) {
    return "troth_server_http_request_seconds_count{listener=\"test\",method=\"GET\",route=\"%s\",status=\"%d\"} %d"
        .formatted(route, status, count);
  }

  @Test
  void aProblemHasItsMembers() throws IOException {
    assertThat(get("/problem"))
        .startsWith("HTTP/1.1 409")
        .contains(
            "{\"type\":\"about:blank\",\"title\":\"Conflict\",\"status\":409,\"detail\":\"taken\",\"by\":\"ada\"}");
  }

  @Test
  void whatARecordRefusesIsExplainedInItsOwnWords() throws IOException {
    assertThat(post("{\"size\": -1}"))
        .startsWith("HTTP/1.1 400")
        .contains("size is -1, expected 0 or more");
    assertThat(post("{\"size\": \"x\"}")).startsWith("HTTP/1.1 400").contains("line 1, column");
    assertThat(post("{\"size\": 1} {}")).startsWith("HTTP/1.1 400");
    assertThat(post("null")).startsWith("HTTP/1.1 400");
    assertThat(post("")).startsWith("HTTP/1.1 400").contains("the body is empty");
    assertThat(post("[".repeat(900))).startsWith("HTTP/1.1 400");
    assertThat(post("{\"size\": 3}")).startsWith("HTTP/1.1 200").contains("{\"size\":3}");
  }

  @Test
  void aBodyThatIsTooLongIsRefusedBeforeItIsRead() throws IOException {
    assertThat(post("x".repeat(1_001)))
        .startsWith("HTTP/1.1 413")
        .contains("application/problem+json");
  }

  @Test
  void whoStillSendsABodyThatIsTooLongSeesTheRefusal() throws Exception {
    // Twelve megabytes take a while on a busy machine.
    listener.stop();
    listen(new Limits(1_000, 8, 4, Duration.ofSeconds(30), Duration.ofSeconds(1)));
    byte[] body = ("\"" + "x".repeat(12_000_000) + "\"").getBytes(UTF_8);
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int i = 0; i < 5; i++) {
        HttpResponse<String> answer =
            client.send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d/thing".formatted(listener.port())))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(body))
                    .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body())
            .contains("the body has 12000002 bytes or more, expected at most 1000");
      }
    }
  }

  @Test
  void whoSendsAByteNowAndThenHoldsNoPlaceForLong() throws Exception {
    String head = "POST /none HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n";
    try (Socket socket = new Socket("127.0.0.1", listener.port())) {
      socket.getOutputStream().write(head.getBytes(UTF_8));
      // Silence ends a connection after a second; a byte in each half of one is no silence.
      socket.setSoTimeout(500);
      byte[] answer = new byte[4096];
      int sent = 0;
      for (boolean open = true; open && sent < 60; sent++) {
        try {
          socket.getOutputStream().write('x');
          open = socket.getInputStream().read(answer) >= 0;
        } catch (SocketTimeoutException wait) {
          open = true;
        } catch (SocketException ended) {
          open = false;
        }
      }
      assertThat(sent).as("bytes sent before the end").isLessThan(60);
    }
  }

  @Test
  void aChunkedBodyThatIsTooLongIsRefusedWhileItIsRead() throws IOException {
    String chunk = "3e8\n" + "x".repeat(1_000) + "\n";
    assertThat(
            say(
                "POST /thing HTTP/1.1\nHost: localhost\nConnection: close\n"
                    + "Content-Type: application/json\nTransfer-Encoding: chunked\n\n"
                    + chunk
                    + chunk
                    + "0\n\n"))
        .startsWith("HTTP/1.1 413");
  }

  @Test
  void aMalformedRequestIsAProblemAndEndsTheConnection() throws IOException {
    assertThat(say("GET /ok/1 HTTP/1.1\nHost localhost\n\n")).startsWith("HTTP/1.1 400");
    assertThat(say("GET /ok/%zz HTTP/1.1\nHost: localhost\n\n")).startsWith("HTTP/1.1 400");
    assertThat(say("GET /ok/1 HTTP/1.1\nHost: localhost\nX: " + "x".repeat(20_000) + "\n\n"))
        .startsWith("HTTP/1.1 4");
    assertThat(say("GET /" + "x".repeat(20_000) + " HTTP/1.1\nHost: localhost\n\n"))
        .startsWith("HTTP/1.1 4");
  }

  @Test
  void aConnectionThatSaysNothingIsClosed() throws IOException {
    assertThat(say("")).isEmpty();
    assertThat(say("GET /ok/1 HTTP/1.1\nHost: loc")).isEmpty();
  }

  @Test
  void aHalfClosedConnectionStillGetsItsAnswer() throws IOException {
    try (RawHttp connection = new RawHttp(listener.port())) {
      assertThat(connection.say("GET /ok/1 HTTP/1.1\nHost: localhost\n\n").endOfInput().readAll())
          .startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void aConnectionThatGoesOnInHttp2HasNoEndOfItsFirstRequest() throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + listener.port() + "/ok/1"))
              .build();
      // A request has twice the idle second to arrive.
      long end = System.nanoTime() + Duration.ofMillis(2_500).toNanos();
      while (System.nanoTime() < end) {
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      }
    }
  }

  @Test
  void aConnectionServesManyRequests() throws IOException {
    try (RawHttp connection = new RawHttp(listener.port())) {
      for (int i = 0; i < 20; i++) {
        assertThat(connection.say("GET /problem HTTP/1.1\nHost: localhost\n\n").readAnswer())
            .startsWith("HTTP/1.1 409");
      }
    }
  }
}
