package dev.troth.gate.keys;

import static dev.troth.gate.Tokens.NOW;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.troth.gate.Gate;
import dev.troth.gate.Policy;
import dev.troth.gate.Signer;
import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Reason;
import dev.troth.testkit.ManualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteKeysTest {
  private static final Signer FIRST = Signer.of(Algorithm.EdDSA);
  private static final Signer OTHER = Signer.of(Algorithm.ES256);
  private static final String OLD = token(FIRST, "a");
  private static final String NEW = token(OTHER, "b");
  private static final String FORGED = token(OTHER, "x");

  private final ManualClock clock = ManualClock.at(NOW);
  private final List<String> problems = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger fetches = new AtomicInteger();
  private final CountDownLatch slow = new CountDownLatch(1);
  private volatile String answer = set(jwk("a", FIRST));
  private volatile int status = 200;
  private final HttpServer server = server();

  private static HttpServer server() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void serve() {
    server.createContext(
        "/",
        exchange -> {
          fetches.incrementAndGet();
          if (answer.equals("slow")) {
            awaitRelease();
          }
          byte[] body = answer.getBytes(US_ASCII);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body, 0, body.length / 2);
          if (answer.startsWith("half")) {
            exchange.getResponseBody().flush();
            awaitRelease();
          }
          exchange.getResponseBody().write(body, body.length / 2, body.length - body.length / 2);
          exchange.close();
        });
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  @AfterEach
  void stop() {
    slow.countDown();
    server.stop(0);
  }

  @Test
  void anUnknownKeyIdFetchesOnceAndThenNotForAWhile() {
    Gate gate = gate(keys());
    assertThat(gate.check(OLD).isValid()).isTrue();
    answer = set(jwk("a", FIRST) + "," + jwk("b", OTHER));
    assertThat(gate.check(NEW).isValid()).isTrue();
    assertThat(fetches).hasValue(2);
    for (int i = 0; i < 1_000; i++) {
      assertThat(gate.check(FORGED).reason()).isEqualTo(Reason.KEY_NOT_FOUND);
    }
    assertThat(fetches).hasValue(2);
    clock.advance(Duration.ofSeconds(31));
    assertThat(gate.check(FORGED).reason()).isEqualTo(Reason.KEY_NOT_FOUND);
    assertThat(fetches).hasValue(3);
  }

  @Test
  void keysAreFetchedAheadOfTheirAgeAndARemovedKeyIsThenRefused() {
    Gate gate = gate(keys());
    answer = set(jwk("b", OTHER));
    assertThat(gate.check(OLD).isValid()).isTrue();
    clock.advance(Duration.ofMinutes(5));
    gate.check(OLD);
    assertThat(gate.check(OLD).reason()).isEqualTo(Reason.KEY_NOT_FOUND);
    assertThat(gate.check(NEW).isValid()).isTrue();
  }

  @Test
  void whileTheAddressIsDownWrongOrHugeTheLastKeysStay() {
    Gate gate = gate(keys());
    for (String broken : List.of("{", "{\"keys\":[]}", "not json", "x".repeat(600_000))) {
      answer = broken;
      clock.advance(Duration.ofMinutes(6));
      assertThat(gate.check(OLD).isValid()).isTrue();
      assertThat(gate.check(FORGED).reason()).isEqualTo(Reason.KEY_NOT_FOUND);
    }
    status = 500;
    clock.advance(Duration.ofMinutes(6));
    assertThat(gate.check(OLD).isValid()).isTrue();
    server.stop(0);
    clock.advance(Duration.ofMinutes(6));
    assertThat(gate.check(OLD).isValid()).isTrue();
    assertThat(problems).hasSizeGreaterThanOrEqualTo(6);
    assertThat(problems).allMatch(problem -> problem.startsWith("the former keys stay"));
  }

  @Test
  void afterTheOutageEveryTokenIsRefusedUntilKeysComeBack() {
    Gate gate = gate(keys());
    String good = answer;
    answer = "{";
    clock.advance(Duration.ofHours(25));
    assertThat(gate.check(OLD).isValid()).isFalse();
    assertThat(gate.check(OLD).isValid()).isFalse();
    answer = good;
    clock.advance(Duration.ofMinutes(1));
    gate.check(OLD);
    assertThat(gate.check(OLD).isValid()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"slow", "half an answer"})
  void anAddressThatHangsCostsOneTimeoutAndNoVerdict(String how) {
    AtomicInteger calls = new AtomicInteger();
    RemoteKeys keys =
        new RemoteKeys(
            () -> {
              // The first fetch is to succeed, however slow the machine.
              boolean first = calls.getAndIncrement() == 0;
              Duration timeout = first ? Duration.ofMinutes(1) : Duration.ofMillis(300);
              return new JwksFetcher(timeout).fetch(address());
            },
            RemoteKeys.Times.DEFAULT,
            clock,
            Runnable::run,
            problems::add);
    answer = how;
    clock.advance(Duration.ofMinutes(6));
    assertThat(gate(keys).check(OLD).isValid()).isTrue();
    assertThat(problems).singleElement().asString().contains("did not answer within 300 ms");
  }

  @Test
  void tokensOfANewKeyWaitForTheFetchThatBringsIt() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    AtomicInteger times = new AtomicInteger();
    JwksFetcher fetcher = new JwksFetcher(Duration.ofMinutes(1));
    RemoteKeys keys =
        new RemoteKeys(
            () -> {
              if (times.incrementAndGet() == 2) {
                asked.countDown();
                awaitRelease();
              }
              return fetcher.fetch(address());
            },
            RemoteKeys.Times.DEFAULT,
            clock,
            Runnable::run,
            problems::add);
    Gate gate = gate(keys);
    answer = set(jwk("a", FIRST) + "," + jwk("b", OTHER));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> verdicts = new ArrayList<>();
      try {
        verdicts.add(threads.submit(() -> gate.check(NEW).isValid()));
        assertThat(asked.await(1, TimeUnit.MINUTES)).isTrue();
        for (int i = 0; i < 8; i++) {
          verdicts.add(threads.submit(() -> gate.check(NEW).isValid()));
        }
        assertThat(gate.check(OLD).isValid()).as("a known key waits for nothing").isTrue();
      } finally {
        slow.countDown();
      }
      for (Future<Boolean> verdict : verdicts) {
        assertThat(verdict.get()).isTrue();
      }
    }
    assertThat(times).hasValue(2);
  }

  @Test
  void rotationUnderLoadFailsNoValidRequest() throws Exception {
    Gate gate = gate(keys());
    AtomicBoolean go = new AtomicBoolean(true);
    AtomicLong checked = new AtomicLong();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> load = new ArrayList<>();
      try {
        for (int i = 0; i < 4; i++) {
          load.add(
              threads.submit(() -> {
                while (go.get()) {
                  assertThat(gate.check(OLD).isValid()).isTrue();
                  checked.incrementAndGet();
                }
              }));
        }
        for (int round = 0; round < 20; round++) {
          boolean added = round % 2 == 0;
          answer = set(jwk("a", FIRST) + (added ? "," + jwk("b", OTHER) : ""));
          clock.advance(Duration.ofMinutes(6));
          if (added) {
            assertThat(gate.check(NEW).isValid()).as("round %d", round).isTrue();
          } else {
            // One of the load's threads may be fetching: the removed key goes when it is done.
            await().until(() -> !gate.check(NEW).isValid());
          }
        }
      } finally {
        go.set(false);
      }
      for (Future<?> one : load) {
        one.get();
      }
    }
    assertThat(checked).hasPositiveValue();
  }

  @Test
  void anIssuerIsAskedForItsKeysAndMustBeWhoItSays() {
    JwksFetcher fetcher = new JwksFetcher(Duration.ofMinutes(1));
    String issuer = "http://localhost:" + server.getAddress().getPort();
    answer = "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + issuer + "/keys\"}";
    assertThat(fetcher.discover(issuer)).isEqualTo(URI.create(issuer + "/keys"));
    assertThatThrownBy(() -> fetcher.discover(issuer + "/other"))
        .isInstanceOf(KeyException.class)
        .hasMessageContaining("expected '" + issuer + "/other'");
    answer = "{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"http://example.com/keys\"}";
    assertThatThrownBy(() -> fetcher.discover(issuer)).hasMessageContaining("not an https address");
  }

  private void awaitRelease() {
    try {
      slow.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private RemoteKeys keys() {
    JwksFetcher fetcher = new JwksFetcher(Duration.ofMinutes(1));
    return new RemoteKeys(
        () -> fetcher.fetch(address()),
        RemoteKeys.Times.DEFAULT,
        clock,
        Runnable::run,
        problems::add);
  }

  private URI address() {
    return URI.create("http://localhost:" + server.getAddress().getPort() + "/keys");
  }

  private Gate gate(KeySource keys) {
    return new Gate(keys, Policy.DEFAULT, Gate.javaEngine(), clock);
  }

  private static String set(String keys) {
    return "{\"keys\":[" + keys + "]}";
  }

  private static String jwk(String id, Signer signer) {
    String set = signer.jwks(id).strip();
    return set.substring(set.indexOf('[') + 1, set.lastIndexOf(']'));
  }

  private static String token(Signer signer, String id) {
    String header = "{\"alg\":\"%s\",\"kid\":\"%s\"}".formatted(signer.algorithm(), id);
    return signer.token(header.getBytes(US_ASCII), "{}".getBytes(US_ASCII));
  }
}
