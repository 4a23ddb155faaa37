package dev.troth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What somebody may take of the platform before, and after, saying who they are. */
class StrangersTest {
  private static final String CHUNK = "x".repeat(64 * 1024);

  @Test
  void aStrangersBodyIsShort() throws IOException {
    try (TestPlatform platform = TestPlatform.start("auth.mode", "token")) {
      for (String path : List.of("/api/session", "/login", "/gate/validate")) {
        try (RawHttp client = new RawHttp(platform.port())) {
          client.say(
              """
              POST %s HTTP/1.1
              Host: localhost
              Content-Type: %s
              Content-Length: 1048576

              """
                  .formatted(
                      path,
                      path.equals("/login")
                          ? "application/x-www-form-urlencoded"
                          : "application/json"));
          assertThat(client.readAnswer()).as(path).startsWith("HTTP/1.1 413");
        }
      }
      assertThat(
              platform
                  .post(
                      "/api/records",
                      "{\"name\":\"%s\"}".formatted(CHUNK.substring(0, 40_000)),
                      "Authorization",
                      "Bearer " + platform.ownersToken())
                  .status())
          .as("a known caller's longer body")
          .isEqualTo(201);
    }
  }

  @Test
  void bodiesThatNeverEndHoldNoMoreThanTheirShareAndGiveItBack() throws IOException {
    try (TestPlatform platform = TestPlatform.start("limits.bodies", "6MiB")) {
      List<Socket> held = new ArrayList<>();
      try {
        for (int i = 0; i < 12; i++) {
          held.add(halfABody(platform.port("otlp-http"), 14));
        }
        await()
            .untilAsserted(() ->
                assertThat(metric(platform, "troth_server_bodies_refused_total")).isPositive());
        assertThat(platform.get("/-/ready").status()).isEqualTo(200);
      } finally {
        for (Socket socket : held) {
          socket.close();
        }
      }
      await()
          .untilAsserted(() ->
              assertThat(
                      platform
                          .post(
                              "http://127.0.0.1:%d/v1/traces".formatted(platform.port("otlp-http")),
                              "{\"resourceSpans\":[]}" + " ".repeat(600_000))
                          .status())
                  .isEqualTo(200));
    }
  }

  /** Announces 16 MiB and sends so many chunks of 64 KiB of them. */
  private static Socket halfABody(int port, int chunks) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    byte[] head =
        """
        POST /v1/traces HTTP/1.1\r
        Host: localhost\r
        Content-Type: application/json\r
        Content-Length: 16777216\r
        \r
        """
            .getBytes(StandardCharsets.US_ASCII);
    try {
      socket.getOutputStream().write(head);
      for (int i = 0; i < chunks; i++) {
        socket.getOutputStream().write(CHUNK.getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      // It was refused meanwhile, as the test wants some to be.
    }
    return socket;
  }

  @Test
  void aClientThatAsksTooOftenIsToldWhenToComeAgainAndOthersAreNot() {
    try (TestPlatform platform = TestPlatform.start("auth.mode", "token", "limits.rate", "2")) {
      TestPlatform.Answer answer = platform.get("/api/me");
      for (int i = 0; i < 200 && answer.status() != 429; i++) {
        answer = platform.get("/api/me");
      }
      assertThat(answer.status()).isEqualTo(429);
      assertThat(answer.header("Retry-After")).isEqualTo("1");
      assertThat(answer.json().get("detail").asString()).contains("more often than 2 times");
      assertThat(
              platform
                  .get("/api/records", "Authorization", "Bearer " + platform.ownersToken())
                  .status())
          .as("another client, known by its token")
          .isEqualTo(200);
      assertThat(platform.get("/-/healthy").status()).isEqualTo(200);
    }
  }

  @Test
  void guessesAtTokensCountAsRequestsOfTheirAddress() {
    try (TestPlatform platform = TestPlatform.start("auth.mode", "token", "limits.rate", "2")) {
      int status = 0;
      for (int i = 0; i < 200 && status != 429; i++) {
        status = platform.get("/api/records", "Authorization", "Bearer a.b." + i).status();
      }
      assertThat(status).isEqualTo(429);
    }
  }

  @Test
  void aClientBehindAProxyIsKnownByWhatTheProxySaysAndNobodyElseIs() {
    String[] asOne = {"X-Forwarded-For", "203.0.113.7"};
    try (TestPlatform trusting =
        TestPlatform.start("auth.mode", "token", "limits.rate", "1", "http.proxies", "127.0.0.1")) {
      TestPlatform.Answer answer = trusting.get("/api/me", asOne);
      for (int i = 0; i < 200 && answer.status() != 429; i++) {
        answer = trusting.get("/api/me", asOne);
      }
      assertThat(answer.status()).isEqualTo(429);
      assertThat(trusting.get("/api/me", "X-Forwarded-For", "203.0.113.8").status()).isEqualTo(401);
    }
    try (TestPlatform plain = TestPlatform.start("auth.mode", "token", "limits.rate", "1")) {
      int status = 0;
      for (int i = 0; i < 200 && status != 429; i++) {
        status = plain.get("/api/me", "X-Forwarded-For", "203.0.113." + i).status();
      }
      assertThat(status).as("the header of a client that is no proxy").isEqualTo(429);
    }
  }

  @Test
  void idleConnectionsOfOneAddressLockNobodyOut() throws IOException {
    try (TestPlatform platform = TestPlatform.start("limits.connections", "8")) {
      List<RawHttp> idle = new ArrayList<>();
      try {
        for (int i = 0; i < 20; i++) {
          idle.add(new RawHttp(platform.port()));
        }
        try (RawHttp client = new RawHttp(platform.port())) {
          client.say("GET /-/healthy HTTP/1.1\nHost: localhost\n\n");
          assertThat(client.readAnswer()).startsWith("HTTP/1.1 200");
        }
      } finally {
        for (RawHttp one : idle) {
          one.close();
        }
      }
    }
  }

  @Test
  void operationsHaveAListenerOfTheirOwn() {
    try (TestPlatform platform = TestPlatform.start("http.operations", "0")) {
      String operations = "http://127.0.0.1:" + platform.port("operations");
      assertThat(platform.get(operations + "/-/ready").status()).isEqualTo(200);
      assertThat(platform.get(operations + "/metrics").body()).contains("troth_build_info");
      assertThat(platform.get(operations + "/api/records").status()).isEqualTo(404);
    }
  }

  private static double metric(TestPlatform platform, String name) {
    return platform
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }
}
