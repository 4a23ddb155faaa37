package dev.troth.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.RawHttp;
import dev.troth.server.TestPlatform;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTest {
  private static final String WISH = "{\"user\": \"ada\", \"role\": \"member\"}";
  private static final String SHOP = "https://shop.example";
  private static TestPlatform platform;

  @BeforeAll
  static void start() {
    platform = TestPlatform.start("api.cors.origins", SHOP, "http.hosts", "Troth.example");
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  private static String withHost(String host) throws IOException {
    try (RawHttp connection = new RawHttp(platform.port())) {
      return connection
          .say("GET /-/ready HTTP/1.1\nHost: " + host + "\nConnection: close\n\n")
          .readAll();
    }
  }

  private static TestPlatform.Answer postFrom(String origin) {
    return platform.post("/api/tokens", WISH, "Origin", origin);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:4000",
        "127.0.0.1:1",
        "[::1]:4000",
        "app.localhost",
        "troth.example",
        "troth.EXAMPLE:8443"
      })
  void namesOfThisMachineAreAccepted(String host) throws IOException {
    assertThat(withHost(host)).startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "troth.example.evil.example",
        "xlocalhost",
        "10.0.0.1",
        "[::2]:4000"
      })
  void otherNamesAreRefused(String host) throws IOException {
    String answer = withHost(host);
    assertThat(answer).startsWith("HTTP/1.1 403").contains("application/problem+json");
    assertThat(answer).contains("Host is " + host);
  }

  @Test
  void aRequestWithoutAHostIsRefused() throws IOException {
    try (RawHttp connection = new RawHttp(platform.port())) {
      assertThat(connection.say("GET /-/ready HTTP/1.1\nConnection: close\n\n").readAll())
          .startsWith("HTTP/1.1 40");
    }
  }

  @Test
  void aWriteFromAnotherSitesPageIsRefused() {
    assertThat(postFrom("https://evil.example").status()).isEqualTo(403);
    assertThat(postFrom("null").status()).isEqualTo(403);
    assertThat(postFrom("http://127.0.0.1:" + (platform.port() + 1)).status()).isEqualTo(403);
    assertThat(postFrom(SHOP + ".evil.example").status()).isEqualTo(403);
  }

  @Test
  void aWriteFromOurOwnPageOrFromNoPageIsAccepted() {
    assertThat(postFrom("http://127.0.0.1:" + platform.port()).status()).isEqualTo(201);
    assertThat(platform.post("/api/tokens", WISH).status()).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data"})
  void whatAFormCanSendIsRefused(String type) {
    var answer = platform.post("/api/tokens", WISH, "Content-Type", type);
    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.json().get("detail").asString())
        .isEqualTo("Content-Type is " + type + ", expected application/json");
  }

  @Test
  void aBodyWithoutATypeIsRefused() throws IOException {
    try (RawHttp connection = new RawHttp(platform.port())) {
      assertThat(
              connection
                  .say(
                      "POST /api/tokens HTTP/1.1\nHost: localhost\nContent-Length: 2\n"
                          + "Connection: close\n\n{}")
                  .readAll())
          .startsWith("HTTP/1.1 415");
    }
  }

  @Test
  void aConfiguredOriginMayCallAndReadTheAnswer() {
    var answer = postFrom(SHOP);
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(SHOP);
    assertThat(answer.header("Access-Control-Allow-Credentials")).isEmpty();
    assertThat(answer.header("Vary")).isEqualTo("Origin");
  }

  @Test
  void aConfiguredOriginMayReadErrorsToo() {
    var answer = platform.get("/api/nothing", "Origin", SHOP);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(SHOP);
  }

  @Test
  void aPreflightOfAConfiguredOriginIsAllowed() {
    var answer =
        platform.send(
            "OPTIONS",
            "/api/tokens",
            null,
            "Origin",
            SHOP,
            "Access-Control-Request-Method",
            "POST",
            "Access-Control-Request-Headers",
            "content-type");
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(SHOP);
    assertThat(answer.header("Access-Control-Allow-Methods")).contains("POST");
    assertThat(answer.header("Access-Control-Allow-Headers")).contains("Content-Type");
  }

  @Test
  void aPreflightOfAnyOtherOriginIsRefused() {
    var answer =
        platform.send(
            "OPTIONS",
            "/api/tokens",
            null,
            "Origin",
            "https://evil.example",
            "Access-Control-Request-Method",
            "POST");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void anotherSitesPageCannotReadAnswers() {
    var answer = platform.get("/api/me", "Origin", "https://evil.example");
    assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void http2IsGuardedToo() throws Exception {
    var client =
        java.net.http.HttpClient.newBuilder()
            .version(java.net.http.HttpClient.Version.HTTP_2)
            .build();
    var request =
        java.net.http.HttpRequest.newBuilder(platform.uri("/api/tokens"))
            .header("Content-Type", "application/json")
            .header("Origin", "https://evil.example")
            .POST(java.net.http.HttpRequest.BodyPublishers.ofString(WISH))
            .build();
    var first =
        client.send(
            java.net.http.HttpRequest.newBuilder(platform.uri("/-/ready")).build(),
            java.net.http.HttpResponse.BodyHandlers.ofString());
    assertThat(first.version()).isEqualTo(java.net.http.HttpClient.Version.HTTP_2);
    var answer = client.send(request, java.net.http.HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(403);
  }
}
