package dev.troth.gate.host;

import static dev.troth.gate.Tokens.SECRET;
import static dev.troth.gate.Tokens.base64;
import static dev.troth.gate.Tokens.hs256;
import static dev.troth.gate.Tokens.signed;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.gate.PublicMatter;
import dev.troth.gate.serve.HttpHostContract;
import dev.troth.gate.serve.RawClient;
import dev.troth.testkit.Size;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NativeHostTest extends HttpHostContract {
  private NativeGate gate;

  @BeforeAll
  void start() throws IOException {
    gate = NativeGate.start(Map.of());
  }

  @AfterAll
  void stop() {
    if (gate != null) {
      gate.close();
    }
  }

  @Override
  protected int port() {
    return gate.port();
  }

  @Test
  void withoutAKeyItDoesNotStart() throws Exception {
    NativeGate.require("troth-gate-x86_64");
    assertThat(NativeGate.refusal(Map.of())).startsWith("2 troth-gate: there is no key");
    assertThat(NativeGate.refusal(Map.of("JWT_SECRET", "secret")))
        .startsWith(
            "2 troth-gate: JWT_SECRET is too short: 6 bytes for HS256, expected at least 32")
        .contains("openssl rand -base64 48");
    assertThat(NativeGate.refusal(Map.of("JWT_SECRET", "x".repeat(32), "PORT", "70000")))
        .contains("PORT is '70000', expected 0 to 65535");
    assertThat(NativeGate.refusal(Map.of("JWT_SECRET", "x".repeat(32), "GATE_REQUIRE", "exp,name")))
        .contains("GATE_REQUIRE");
    assertThat(NativeGate.refusal(Map.of("JWT_SECRET", "x".repeat(32), "GATE_AUDIENCES", "x")))
        .startsWith("2 troth-gate: GATE_AUDIENCES is not a variable of gate:")
        .contains("GATE_AUDIENCE ");
    assertThat(NativeGate.refusal(Map.of("JWT_SECRET", "x".repeat(32), "GATE_CLAIM_HEADERS", "x")))
        .contains("GATE_CLAIM_HEADERS is 'x'");
    assertThat(
            NativeGate.refusal(
                Map.of(
                    "JWT_SECRET", "x".repeat(32), "GATE_CLAIM_HEADERS", "sub:Transfer-Encoding")))
        .contains("GATE_CLAIM_HEADERS is 'sub:Transfer-Encoding', expected claim:Header")
        .contains("no Header of the connection itself");
    assertThat(NativeGate.refusal(Map.of("JWT_SECRET", "x".repeat(32), "GATE_MAX_LIFETIME", "0")))
        .contains("GATE_MAX_LIFETIME is '0', expected 1 to");
    for (String name : List.of("GATE_AUDIENCE", "GATE_ISSUER", "GATE_SUBJECT", "GATE_CONFIG")) {
      assertThat(NativeGate.refusal(Map.of("JWT_SECRET", "x".repeat(32), name, "")))
          .isEqualToIgnoringNewLines("2 troth-gate: " + name + " is empty: expected a value");
    }
    assertThat(NativeGate.refusal(Map.of("JWT_SECRET", "x".repeat(32), "GATE_KEYS", "k")))
        .contains("JWT_SECRET, JWT_SECRET_FILE and GATE_KEYS: expected one of them");
    assertThat(NativeGate.refusal(Map.of("JWT_SECRET", "x".repeat(32), "HOST", "nowhere")))
        .contains("HOST is 'nowhere', expected an IPv4 or IPv6 address");
    assertThat(
            NativeGate.refusal(
                Map.of("JWT_SECRET", "x".repeat(32), "GATE_AUDIENCE", "x".repeat(9000))))
        .contains("GATE_AUDIENCE is longer than 8192 bytes");
    assertThat(NativeGate.refusal(Map.of("JWT_SECRET", "x".repeat(9000))))
        .contains("JWT_SECRET is longer than 8192 bytes");
  }

  @Test
  void itTakesNoArgumentsButThoseForHelp() throws Exception {
    assertThat(NativeGate.answer("--help"))
        .startsWith("0 troth-gate: checks")
        .contains("GATE_KEYS");
    assertThat(NativeGate.answer("--port", "1"))
        .startsWith("2 troth-gate: there are arguments, --port 1, expected none");
  }

  @Test
  void itListensOnIpv6() throws Exception {
    try (NativeGate six = NativeGate.start(Map.of("HOST", "::1"));
        Socket socket = new Socket(InetAddress.getByName("::1"), six.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write("GET /-/healthy HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
          .startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void aPublicTextIsNoSecret(@TempDir Path folder) throws Exception {
    NativeGate.require("troth-gate-x86_64");
    Path file = folder.resolve("keys");
    for (Map.Entry<String, byte[]> form : PublicMatter.forms().entrySet()) {
      Files.write(file, form.getValue());
      assertThat(NativeGate.refusal(Map.of("JWT_SECRET_FILE", file.toString())))
          .as(form.getKey())
          .startsWith("2 troth-gate: secret file " + file);
      if (!form.getKey().equals("DER")) {
        // A variable holds no zero bytes.
        String text = new String(form.getValue(), ISO_8859_1);
        assertThat(NativeGate.refusal(Map.of("JWT_SECRET", text)))
            .as(form.getKey())
            .startsWith("2 troth-gate: JWT_SECRET ");
      }
    }
  }

  @Test
  void theSmallHostIsSmallOnDiskAndInMemory() throws Exception {
    Path program = NativeGate.require("troth-gate-x86_64");
    try (NativeGate host = NativeGate.start(Map.of())) {
      await().untilAsserted(() -> assertThat(host.residentKilobytes()).isLessThan(1_000));
      System.out.printf(
          "troth-gate: %,d bytes, idle %,d kB%n", Files.size(program), host.residentKilobytes());
    }
    assertThat(Files.size(program)).isLessThanOrEqualTo(300_000);
  }

  @Test
  void clientsThatPipelineAndNeverReadEndNothing() throws Exception {
    int count = Size.count(60, 400);
    Map<String, String> environment = Map.of("GATE_REQUEST_SECONDS", "1");
    try (NativeGate host = NativeGate.start(environment)) {
      List<RawClient> deaf = new ArrayList<>();
      List<Thread> senders = new ArrayList<>();
      String requests = request("GET /metrics", "", "").repeat(400);
      try {
        for (int i = 0; i < count; i++) {
          RawClient client = new RawClient(host.port());
          deaf.add(client);
          senders.add(
              Thread.ofVirtual()
                  .start(() -> {
                    try {
                      for (int n = 0; n < 20; n++) {
                        client.send(requests);
                      }
                    } catch (IOException ended) {
                      // As it should be.
                    }
                  }));
        }
        await()
            .untilAsserted(() -> {
              try (RawClient other = new RawClient(host.port())) {
                assertThat(ask(other, GOOD)).contains("\"valid\":true");
                String metrics = other.send(request("GET /metrics", "", "")).read().body();
                assertThat(metrics)
                    .containsPattern("refused_clients_total\\{reason=\"write_timeout\"} [1-9]");
              }
            });
        assertThat(host.isAlive()).isTrue();
        assertThat(host.residentKilobytes()).isLessThan(40_000);
      } finally {
        for (RawClient client : deaf) {
          client.close();
        }
        for (Thread sender : senders) {
          sender.join(Duration.ofSeconds(10));
        }
      }
    }
  }

  @Test
  void aPageInPlaceOfTheSecretKeepsTheFormerOne(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("secret"), SECRET);
    String page = "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>";
    try (NativeGate host = NativeGate.start(Map.of("JWT_SECRET_FILE", file.toString()));
        RawClient client = new RawClient(host.port())) {
      Files.writeString(file, page);
      assertThat(host.line()).startsWith("the former keys stay: secret file").contains("markup");
      assertThat(ask(client, GOOD)).contains("\"valid\":true");
      String forged = signed("{\"alg\":\"HS256\"}", "{}", page.getBytes(US_ASCII));
      assertThat(ask(client, forged)).contains("signature_invalid");
      assertThat(client.send(request("GET /-/healthy", "", "")).read().body())
          .isEqualTo("{\"status\":\"degraded\",\"reason\":\"former_keys\"}");
      assertThat(client.send(request("GET /metrics", "", "")).read().body())
          .contains("troth_gate_keys_degraded 1");
      Files.write(file, SECRET);
      assertThat(host.line()).isEqualTo("keys read again");
      assertThat(client.send(request("GET /-/healthy", "", "")).read().body())
          .isEqualTo("{\"status\":\"ok\"}");
    }
  }

  @Test
  void aListOfRevocationsThatIsTooLongChangesNothing(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("revoked"), "first\n");
    String revoked = hs256("{\"jti\":\"first\"}");
    try (NativeGate host =
            NativeGate.start(
                Map.of(
                    "JWT_SECRET", new String(SECRET, US_ASCII), "GATE_REVOKED", file.toString()));
        RawClient client = new RawClient(host.port())) {
      assertThat(ask(client, revoked)).contains("revoked");
      StringBuilder many = new StringBuilder();
      for (int i = 0; i < 9_000; i++) {
        many.append(i).append('\n');
      }
      Files.writeString(file, many);
      assertThat(host.line()).startsWith("the former keys stay: the module has no room");
      assertThat(ask(client, GOOD)).contains("\"valid\":true");
      assertThat(ask(client, revoked)).contains("revoked");
      Files.writeString(file, "other\n");
      assertThat(host.line()).isEqualTo("keys read again");
      assertThat(ask(client, revoked)).contains("\"valid\":true");
    }
  }

  @Test
  void aPipeInPlaceOfTheSecretIsNotWaitedFor(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("secret"), SECRET);
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    try (NativeGate host = NativeGate.start(Map.of("JWT_SECRET_FILE", file.toString()));
        RawClient client = new RawClient(host.port())) {
      Files.move(pipe, file, StandardCopyOption.REPLACE_EXISTING);
      assertThat(host.line()).startsWith("the former keys stay");
      assertThat(ask(client, GOOD)).contains("\"valid\":true");
    }
  }

  @Test
  void policyComesFromTheEnvironment() throws Exception {
    try (NativeGate strict =
            NativeGate.start(
                Map.of("GATE_ISSUER", "a,b", "GATE_AUDIENCE", "orders", "GATE_REQUIRE", "sub"));
        RawClient client = new RawClient(strict.port())) {
      String good = hs256("{\"iss\":\"b\",\"aud\":[\"orders\"],\"sub\":\"x\"}");
      assertThat(ask(client, good)).contains("\"valid\":true");
      assertThat(ask(client, hs256("{\"iss\":\"c\",\"aud\":[\"orders\"],\"sub\":\"x\"}")))
          .contains("issuer_not_allowed");
      assertThat(ask(client, hs256("{\"iss\":\"a\",\"aud\":[\"order\"],\"sub\":\"x\"}")))
          .contains("audience_not_allowed");
      assertThat(ask(client, hs256("{\"iss\":\"a\",\"aud\":[\"orders\"]}")))
          .contains("claim_missing");
    }
  }

  @Test
  void keysAreReadAgainWhileItServes(@TempDir Path folder) throws Exception {
    NativeGate.require("troth-gate-x86_64");
    byte[] other = "another secret of more than 32 bytes, for the rotation".getBytes(US_ASCII);
    Path file = folder.resolve("keys.json");
    Files.writeString(file, jwk("a", SECRET));
    String first = signed("{\"alg\":\"HS256\",\"kid\":\"a\"}", "{}", SECRET);
    String second = signed("{\"alg\":\"HS256\",\"kid\":\"b\"}", "{}", other);
    try (NativeGate rotating = NativeGate.start(Map.of("JWT_SECRET_FILE", file.toString()));
        RawClient client = new RawClient(rotating.port())) {
      assertThat(ask(client, second)).contains("key_not_found");
      Files.writeString(file, "{\"keys\":[" + jwk("a", SECRET) + "," + jwk("b", other) + "]}");
      // No request with the old key may fail while the new one arrives.
      await()
          .until(() -> {
            assertThat(ask(client, first)).contains("\"valid\":true");
            return ask(client, second).contains("\"valid\":true");
          });
      Files.writeString(file, "{\"keys\":[broken");
      assertThat(rotating.line()).isEqualTo("keys read again");
      assertThat(rotating.line()).startsWith("the former keys stay");
      assertThat(ask(client, second)).contains("\"valid\":true");
    }
  }

  @Test
  void manyIdleConnectionsAreHeldInLittleMemory() throws Exception {
    int count = Size.count(1_000, 10_000);
    try (NativeGate busy = NativeGate.start(Map.of())) {
      List<RawClient> clients = new ArrayList<>();
      try {
        for (int i = 0; i < count; i++) {
          RawClient client = new RawClient(busy.port());
          clients.add(client);
          if (i % 2 == 0) {
            client.send("POST /validate HTTP/1.1\r\nHost:");
          }
        }
        try (RawClient client = new RawClient(busy.port())) {
          assertThat(ask(client, GOOD)).contains("\"valid\":true");
        }
        System.out.printf(
            "%,d connections, half of them in a head: %,d kB%n", count, busy.residentKilobytes());
        assertThat(busy.residentKilobytes()).isLessThan(24_000);
        assertThat(busy.isAlive()).isTrue();
      } finally {
        for (RawClient client : clients) {
          client.close();
        }
      }
    }
  }

  @Test
  void slowHeadsAndBodiesAreToldAndSilentClientsLeft() throws Exception {
    Map<String, String> impatient = Map.of("GATE_REQUEST_SECONDS", "1", "GATE_IDLE_SECONDS", "1");
    try (NativeGate host = NativeGate.start(impatient);
        RawClient head = new RawClient(host.port());
        RawClient body = new RawClient(host.port());
        RawClient chunks = new RawClient(host.port());
        RawClient silent = new RawClient(host.port())) {
      head.send("POST /validate HTTP/1.1\r\nHost:");
      body.send("POST /validate HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{");
      chunks.send("POST /validate HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{");
      for (RawClient slow : List.of(head, body, chunks)) {
        assertThat(slow.read().status()).isEqualTo(408);
        assertThat(slow.isEnded()).isTrue();
      }
      assertThat(silent.isEnded()).isTrue();
      assertThat(host.isAlive()).isTrue();
    }
  }

  @Test
  void aClientThatNeverReadsIsHeldInBoundedMemory() throws Exception {
    try (NativeGate host = NativeGate.start(Map.of());
        RawClient other = new RawClient(host.port())) {
      RawClient deaf = new RawClient(host.port());
      String requests = request("POST /validate", "", "{}").repeat(50);
      // Nothing of the answers is read: when both sockets are full, the host reads no more.
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  for (int i = 0; i < 10_000; i++) {
                    deaf.send(requests);
                  }
                } catch (IOException closed) {
                  // The end of the test.
                }
              });
      try {
        for (int i = 0; i < 200; i++) {
          assertThat(ask(other, GOOD)).contains("\"valid\":true");
        }
        assertThat(host.residentKilobytes()).isLessThan(8_000);
      } finally {
        deaf.close();
        sender.join(Duration.ofSeconds(10));
      }
      assertThat(ask(other, GOOD)).contains("\"valid\":true");
    }
  }

  @Test
  void manyRefusedRequestsDoNotGrowIt() throws Exception {
    try (NativeGate busy = NativeGate.start(Map.of())) {
      long before = busy.residentKilobytes();
      for (int i = 0; i < Size.count(2_000, 50_000); i++) {
        try (RawClient client = new RawClient(busy.port())) {
          client.send("POST /validate HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n");
          assertThat(client.read().status()).isEqualTo(413);
        }
      }
      assertThat(busy.residentKilobytes() - before).isLessThan(4_000);
      assertThat(busy.stop()).isZero();
    }
  }

  private static String jwk(String id, byte[] secret) {
    return "{\"kty\":\"oct\",\"kid\":\"" + id + "\",\"k\":\"" + base64(secret) + "\"}";
  }

  private static String ask(RawClient client, String token) throws IOException {
    return client
        .send(request("POST /validate", "", "{\"token\":\"" + token + "\"}"))
        .read()
        .body();
  }
}
