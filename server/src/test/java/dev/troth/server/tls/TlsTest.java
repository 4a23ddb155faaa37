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
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
    return TestPlatform.startAt(Instant.now().toString(), settings);
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
      assertThat(get(client, platform.port(), "/gate").body())
          .as("commands to copy, with a token in them")
          .contains("https://localhost:" + platform.port())
          .doesNotContain("http://localhost");
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
  private Certificate shown(int port, String... more) throws Exception {
    String[] trusted =
        Stream.concat(Stream.of("one", "two"), Stream.of(more)).toArray(String[]::new);
    SSLContext context = made.trusting(trusted);
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
                body ->
                    body.contains(
                            "the new certificate is not used: tls.key-file: has no private key")
                        && !body.contains(folder.toString()));
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

  private static String time(Instant at) {
    return DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC).format(at);
  }

  private void awaitReady(HttpClient client, int port, String text) {
    await().until(() -> get(client, port, "/-/ready").body(), body -> body.contains(text));
  }

  private void awaitShown(int port, String name) {
    await().untilAsserted(() -> assertThat(shown(port, name)).isEqualTo(made.certificate(name)));
  }

  @Test
  void aRenewedCertificateThatHasEndedOrDoesNotCountYetTakesNoGoodOnesPlace() throws Exception {
    Instant now = Instant.now();
    made.makeBetween(
        "old", time(now.minus(Duration.ofDays(60))), time(now.minus(Duration.ofDays(1))));
    made.makeBetween(
        "early", time(now.plus(Duration.ofDays(2))), time(now.plus(Duration.ofDays(90))));
    try (TestPlatform platform = start("http");
        HttpClient client = trusting("one", "old", "early")) {
      use("old");
      String refused = "the new certificate is not used: tls.certificate-file: certificate 1 count";
      awaitReady(client, platform.port(), refused + "ed until ");
      assertThat(shown(platform.port())).isEqualTo(made.certificate("one"));

      use("early");
      awaitReady(client, platform.port(), refused + "s from ");
      assertThat(shown(platform.port())).isEqualTo(made.certificate("one"));

      platform.clock().advance(Duration.ofDays(3));
      awaitShown(platform.port(), "early");
      awaitReady(client, platform.port(), "{\"ready\":true}");
    }
  }

  @Test
  void whereNothingCountsTheNewCertificateIsTakenAndSaidToHaveEnded() throws Exception {
    try (TestPlatform platform = start("http");
        HttpClient client = trusting("one", "two")) {
      platform.clock().advance(Duration.ofDays(400));
      use("two");
      awaitShown(platform.port(), "two");
      awaitReady(client, platform.port(), "tls: the certificate counts until ");
    }
  }

  @Test
  void aPipeInTheKeysPlaceEndsNoRenewal() throws Exception {
    try (TestPlatform platform = start("http");
        HttpClient client = trusting("one", "two")) {
      Files.delete(made.file("used.key"));
      Process mkfifo = new ProcessBuilder("mkfifo", made.file("used.key").toString()).start();
      assertThat(mkfifo.waitFor(20, TimeUnit.SECONDS)).isTrue();
      awaitReady(client, platform.port(), "tls.key-file: is not a regular file");
      use("two");
      awaitShown(platform.port(), "two");
    }
  }

  @Test
  void aKeyThatEverybodyMayReadIsAWarningWithoutItsPath() throws Exception {
    try (TestPlatform platform = start("http");
        HttpClient client = trusting("one")) {
      Path key = made.file("used.key");
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
      awaitReady(
          client, platform.port(), "tls.key-file: everybody on the machine may read or write it");
      assertThat(get(client, platform.port(), "/-/ready").body()).doesNotContain(folder.toString());
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
      awaitReady(client, platform.port(), "{\"ready\":true}");
    }
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
