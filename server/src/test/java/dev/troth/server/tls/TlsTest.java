package dev.troth.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.troth.server.RawHttp;
import dev.troth.server.TestPlatform;
import dev.troth.server.ops.CannotStart;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listeners that speak TLS themselves, and what becomes of a certificate that is renewed. */
class TlsTest {
  private static final String ALL = "http,operations,registry,otlp-http,otlp-grpc";

  @TempDir Path folder;
  private TestCertificates made;

  @BeforeEach
  void certificates() throws Exception {
    made = new TestCertificates(folder);
    made.make("one", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1");
    made.make("two", "rsa:2048");
    use("one");
  }

  /** Puts a certificate and its key where the platform reads them. */
  private void use(String name) throws Exception {
    for (String kind : List.of(".crt", ".key")) {
      Path next = made.file("next" + kind);
      Files.copy(made.file(name + kind), next, StandardCopyOption.REPLACE_EXISTING);
      Files.move(next, made.file("used" + kind), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private TestPlatform start(String listeners, String... more) {
    String[] settings = new String[more.length + 6];
    settings[0] = "tls.certificate-file";
    settings[1] = made.file("used.crt").toString();
    settings[2] = "tls.key-file";
    settings[3] = made.file("used.key").toString();
    settings[4] = "tls.listeners";
    settings[5] = listeners;
    System.arraycopy(more, 0, settings, 6, more.length);
    return TestPlatform.start(settings);
  }

  private static HttpResponse<String> get(HttpClient client, int port, String path)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
            .timeout(Duration.ofSeconds(20))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpClient trusting(String... names) throws Exception {
    return HttpClient.newBuilder().sslContext(made.trusting(names)).build();
  }

  @Test
  void everyListenerSpeaksTlsAndThatOfGrpcAgreesOnHttp2() throws Exception {
    try (TestPlatform platform = start(ALL, "http.operations", "0");
        HttpClient client = trusting("one")) {
      assertThat(get(client, platform.port(), "/-/ready").statusCode()).isEqualTo(200);
      assertThat(get(client, platform.port("operations"), "/metrics").body())
          .contains("troth_server_certificate_seconds ");
      assertThat(get(client, platform.port("registry"), "/subjects").body()).isEqualTo("[]");
      HttpResponse<String> traces =
          client.send(
              HttpRequest.newBuilder(
                      URI.create("https://localhost:" + platform.port("otlp-http") + "/v1/traces"))
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString("{\"resourceSpans\":[]}"))
                  .build(),
              BodyHandlers.ofString());
      assertThat(traces.statusCode()).isEqualTo(200);
      HttpResponse<String> call =
          client.send(
              HttpRequest.newBuilder(
                      URI.create(
                          "https://localhost:"
                              + platform.port("otlp-grpc")
                              + "/opentelemetry.proto.collector.trace.v1.TraceService/Export"))
                  .header("Content-Type", "application/grpc")
                  .POST(BodyPublishers.ofByteArray(new byte[5]))
                  .build(),
              BodyHandlers.ofString());
      assertThat(call.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(call.statusCode()).isEqualTo(200);
      assertThat(call.headers().firstValue("grpc-status").orElse("0")).isEqualTo("0");
    }
  }

  @Test
  void withoutNamesOfListenersThoseOfThisMachineStayPlain() {
    try (TestPlatform platform = start("")) {
      assertThat(platform.get("/-/ready").status()).isEqualTo(200);
    }
  }

  @Test
  void plainHttpAndOldVersionsAreTurnedAwayAndHarmNobody() throws Exception {
    try (TestPlatform platform = start("http");
        HttpClient client = trusting("one")) {
      for (int i = 0; i < 20; i++) {
        assertThat(plainly(platform.port())).doesNotContain("HTTP/1.1");
      }
      SSLContext context = made.trusting("one");
      try (SSLSocket old =
          (SSLSocket) context.getSocketFactory().createSocket("localhost", platform.port())) {
        old.setEnabledProtocols(new String[] {"TLSv1.1"});
        assertThatThrownBy(old::startHandshake).isInstanceOf(SSLException.class);
      }
      assertThat(get(client, platform.port(), "/-/ready").statusCode()).isEqualTo(200);
    }
  }

  /** What plain HTTP gets: an alert of TLS, or nothing. */
  private static String plainly(int port) {
    try (RawHttp plain = new RawHttp(port)) {
      plain.say("GET /-/ready HTTP/1.1\nHost: localhost\n\n");
      return plain.readAnswer();
    } catch (IOException e) {
      return "";
    }
  }

  /** The certificate that a new connection gets. */
  private Certificate shown(int port) throws Exception {
    SSLContext context = made.trusting("one", "two");
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("localhost", port)) {
      socket.startHandshake();
      return socket.getSession().getPeerCertificates()[0];
    }
  }

  @Test
  void aRenewedCertificateIsTakenWhileAnOpenStreamGoesOnAndOneThatIsBrokenIsNot() throws Exception {
    try (TestPlatform platform = start("http");
        HttpClient client = trusting("one", "two")) {
      HttpResponse<InputStream> stream =
          client.send(
              HttpRequest.newBuilder(
                      URI.create(
                          "https://localhost:" + platform.port() + "/api/stream?target=record/*"))
                  .build(),
              BodyHandlers.ofInputStream());
      assertThat(stream.statusCode()).isEqualTo(200);
      try (BufferedReader events =
          new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
        assertThat(shown(platform.port())).isEqualTo(made.certificate("one"));

        Files.writeString(made.file("used.key"), "nothing");
        await()
            .until(
                () -> get(client, platform.port(), "/-/ready").body(),
                body -> body.contains("the new certificate is not used"));
        assertThat(shown(platform.port())).isEqualTo(made.certificate("one"));

        use("two");
        await()
            .untilAsserted(
                () -> assertThat(shown(platform.port())).isEqualTo(made.certificate("two")));
        await()
            .until(
                () -> get(client, platform.port(), "/-/ready").body(),
                body -> !body.contains("certificate"));

        HttpResponse<String> posted =
            client.send(
                HttpRequest.newBuilder(
                        URI.create("https://localhost:" + platform.port() + "/api/records"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"name\":\"a\"}"))
                    .build(),
                BodyHandlers.ofString());
        assertThat(posted.statusCode()).as(posted.body()).isEqualTo(201);
        String line = events.readLine();
        while (!line.contains("record")) {
          line = events.readLine();
        }
      }
    }
  }

  @Test
  void neitherACertificateThatEndedNorAPipeTakesThePlaceOfOneThatCounts() throws Exception {
    made.openssl(
        ("req -x509 -nodes -days 1 -subj /CN=short -addext subjectAltName=DNS:localhost -newkey"
                + " rsa:2048 -keyout %s -out %s")
            .formatted(made.file("short.key"), made.file("short.crt"))
            .split(" "));
    String now = Instant.now().plusSeconds(60).truncatedTo(ChronoUnit.SECONDS).toString();
    try (TestPlatform platform =
            TestPlatform.startAt(
                now,
                "tls.certificate-file",
                made.file("used.crt").toString(),
                "tls.key-file",
                made.file("used.key").toString(),
                "tls.listeners",
                "http");
        HttpClient client = trusting("one", "two", "short")) {
      platform.clock().advance(Duration.ofDays(2));
      use("short");
      awaitReady(client, platform, "the new certificate is not used: ", " counts from ");
      assertThat(shown(platform.port())).isEqualTo(made.certificate("one"));

      Files.delete(made.file("used.key"));
      assertThat(new ProcessBuilder("mkfifo", file("used.key")).start().waitFor()).isZero();
      awaitReady(client, platform, "used.key: is no regular file");
      assertThat(shown(platform.port())).isEqualTo(made.certificate("one"));

      use("two");
      await()
          .untilAsserted(
              () -> assertThat(shown(platform.port())).isEqualTo(made.certificate("two")));
    }
  }

  private String file(String name) {
    return made.file(name).toString();
  }

  private static void awaitReady(HttpClient client, TestPlatform platform, String... words) {
    await()
        .untilAsserted(
            () -> assertThat(get(client, platform.port(), "/-/ready").body()).contains(words));
  }

  @Test
  void aCertificateThatSoonEndsIsAWarning() throws Exception {
    try (TestPlatform platform = start("http");
        HttpClient client = trusting("one")) {
      assertThat(get(client, platform.port(), "/-/ready").body()).doesNotContain("certificate");
      platform.clock().advance(Duration.ofDays(400));
      await()
          .until(
              () -> get(client, platform.port(), "/-/ready").body(),
              body -> body.contains("tls: the certificate counts until "));
    }
  }

  @Test
  void filesThatCannotBeUsedKeepThePlatformFromStarting() throws Exception {
    Files.delete(made.file("used.key"));
    assertThatThrownBy(() -> start("http"))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("used.key: cannot be read");
  }
}
