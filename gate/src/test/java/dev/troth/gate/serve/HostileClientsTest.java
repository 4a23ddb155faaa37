package dev.troth.gate.serve;

import static dev.troth.gate.Tokens.SECRET;
import static dev.troth.gate.Tokens.hs256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.gate.Gate;
import dev.troth.gate.Policy;
import dev.troth.gate.Signer;
import dev.troth.gate.core.Algorithm;
import dev.troth.gate.http.ServiceSettings;
import dev.troth.gate.keys.KeySource;
import dev.troth.gate.keys.Keyring;
import dev.troth.gate.keys.PublicKeySet;
import dev.troth.gate.keys.RemoteKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The JVM host among clients that mean harm: everybody else is served. */
class HostileClientsTest {
  private static final String GOOD = hs256("{\"exp\":9900000000}");
  private static final int CONNECTIONS = 16;
  private final List<RawClient> clients = new ArrayList<>();

  @AfterEach
  void closeAll() throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
  }

  @Test
  void clientsThatNeverReadLockNobodyOut() throws Exception {
    try (GateServer server = start(limits(Duration.ofMillis(300), 1 << 20))) {
      String requests = HttpHostContract.request("GET /metrics", "", "").repeat(200);
      for (int i = 0; i < 2 * CONNECTIONS; i++) {
        RawClient deaf = client(server.port());
        Thread.ofVirtual()
            .start(() -> {
              try {
                for (int n = 0; n < 50; n++) {
                  deaf.send(requests);
                }
              } catch (IOException ended) {
                // As it should be.
              }
            });
      }
      await()
          .untilAsserted(() -> {
            assertThat(validate(server.port())).isEqualTo(200);
            // Some of them make room for another before that.
            assertThat(refused(server, "write_timeout")).isGreaterThanOrEqualTo(CONNECTIONS / 2);
          });
    }
  }

  @Test
  void idleClientsMakeRoomForOthers() throws Exception {
    try (GateServer server = start(limits(Duration.ofSeconds(60), 1 << 20))) {
      for (int i = 0; i < 5 * CONNECTIONS; i++) {
        client(server.port());
      }
      assertThat(validate(server.port())).isEqualTo(200);
      assertThat(refused(server, "evicted")).isPositive();
    }
  }

  @Test
  void requestsBeyondTheBufferOfAllAreToldAndOthersServed() throws Exception {
    try (GateServer server = start(limits(Duration.ofSeconds(60), 16 * 1024))) {
      String head = "POST /validate HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(9_000);
      List<RawClient> halves = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        halves.add(client(server.port()).send(head));
      }
      await().until(() -> refused(server, "buffers_full") > 0);
      assertThat(validate(server.port())).isEqualTo(200);
      long told = 0;
      for (RawClient half : halves.subList(0, 4)) {
        half.endOutput();
        told += half.readToEnd().startsWith("HTTP/1.1 503") ? 1 : 0;
      }
      assertThat(told).isPositive();
      await().until(() -> client(server.port()).send(head + "\r\n\r\n").read().status() == 400);
    }
  }

  @Test
  void forgedKeyIdsAndAnAddressThatHangsStallNobody() throws Exception {
    Signer signer = Signer.of(Algorithm.ES256);
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch hanging = new CountDownLatch(1);
    AtomicInteger fetches = new AtomicInteger();
    KeySource keys =
        new RemoteKeys(
            () -> {
              if (fetches.incrementAndGet() > 1) {
                hanging.countDown();
                awaitQuietly(release);
              }
              return PublicKeySet.parse(signer.jwks("a").getBytes(StandardCharsets.US_ASCII));
            },
            RemoteKeys.Times.DEFAULT,
            InstantSource.system(),
            Thread::startVirtualThread,
            problem -> {});
    // More than there are workers: each waits for the fetch that its key id asked for.
    int forgers = 4 * Runtime.getRuntime().availableProcessors() + 4;
    try (GateServer server = start(limits(Duration.ofSeconds(60), 1 << 20), keys, 64)) {
      try {
        String forged = token(signer, "x");
        for (int i = 0; i < forgers; i++) {
          client(server.port())
              .send(
                  HttpHostContract.request(
                      "POST /validate", "Authorization: Bearer " + forged, ""));
        }
        assertThat(hanging.await(1, TimeUnit.MINUTES)).isTrue();
        for (int i = 0; i < 20; i++) {
          assertThat(validate(server.port(), token(signer, "a"))).isEqualTo(200);
        }
        assertThat(release.getCount()).as("the fetch still hangs").isEqualTo(1);
      } finally {
        release.countDown();
      }
      for (RawClient forger : clients.subList(0, forgers)) {
        assertThat(forger.read().body()).contains("key_not_found");
      }
    }
  }

  private static String token(Signer signer, String id) {
    return signer.token(
        ("{\"alg\":\"ES256\",\"kid\":\"" + id + "\"}").getBytes(StandardCharsets.US_ASCII),
        "{}".getBytes(StandardCharsets.US_ASCII));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private RawClient client(int port) throws IOException {
    RawClient client = new RawClient(port);
    clients.add(client);
    return client;
  }

  private static int validate(int port) throws IOException {
    return validate(port, GOOD);
  }

  private static int validate(int port, String token) throws IOException {
    try (RawClient client = new RawClient(port)) {
      return client
          .send(HttpHostContract.request("POST /validate", "Authorization: Bearer " + token, ""))
          .read()
          .status();
    }
  }

  private static long refused(GateServer server, String reason) throws IOException {
    try (RawClient client = new RawClient(server.port())) {
      String line = "troth_gate_refused_clients_total{reason=\"" + reason + "\"} ";
      String body = client.send(HttpHostContract.request("GET /metrics", "", "")).read().body();
      if (!body.contains(line)) {
        return 0; // While all places are held, whoever asks for metrics is refused, too.
      }
      int at = body.indexOf(line) + line.length();
      return Long.parseLong(body.substring(at, body.indexOf('\n', at)));
    }
  }

  private static GateServer.Limits limits(Duration request, int bufferBytes) {
    return new GateServer.Limits(Duration.ofSeconds(60), request, CONNECTIONS, bufferBytes);
  }

  private static GateServer start(GateServer.Limits limits) throws IOException {
    return start(limits, Keyring.secret(SECRET), limits.connections());
  }

  private static GateServer start(GateServer.Limits limits, KeySource keys, int connections)
      throws IOException {
    InstantSource clock = InstantSource.system();
    Gate gate = new Gate(keys, Policy.DEFAULT, Gate.javaEngine(), clock);
    return GateServer.start(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        new GateChecker(gate, clock),
        ServiceSettings.DEFAULT,
        new GateServer.Limits(limits.idle(), limits.request(), connections, limits.bufferBytes()));
  }
}
