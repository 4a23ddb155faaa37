package dev.troth.server.channel;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.testkit.Size;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever somebody's addresses do, others are told meanwhile, on each channel: one user's hang,
 * one's answers have no end, one's fail now and then, and one's always, each with much to get.
 */
final class FairnessTest {
  private static final List<String> TROUBLES = List.of("hang", "flood", "flap", "fail");
  private static final int PENDING = Size.count(200, 10_000);

  /** As many addresses as fill what a channel may have under way, were they all one user's. */
  private static final int ADDRESSES = 16;

  /** Clocks go on by more than the time that a channel leaves between two messages. */
  private static final Duration STEP = Duration.ofMillis(1_100);

  private static final int ROUNDS = 6;
  private static final int MOST_ANSWER = 256 << 20;

  private final CountDownLatch over = new CountDownLatch(1);
  private final Map<String, AtomicInteger> came = new ConcurrentHashMap<>();
  private final Map<String, HttpServer> services = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final SmtpDouble mail = new SmtpDouble();
  private final TestPlatform platform =
      TestPlatform.start(
          "watch.webhooks.allow",
          "127.0.0.0/8",
          "limits.rate",
          "100000",
          "watch.mail.host",
          "127.0.0.1",
          "watch.mail.port",
          mail.port(),
          "watch.mail.tls",
          "none",
          "watch.mail.from",
          "troth@example.org");

  FairnessTest() throws IOException {
    for (String trouble : TROUBLES) {
      serve(trouble);
    }
    serve("well");
  }

  /** Begins once addresses are confirmed. */
  private void troubleMail() {
    mail.troubles.put(
        "hang",
        out -> {
          hang("hang");
          return "250 late";
        });
    mail.troubles.put(
        "flood",
        out -> {
          flood("flood", out, "250-".repeat(16_384).getBytes(StandardCharsets.US_ASCII));
          return "250 ok";
        });
    mail.troubles.put("flap", out -> count("flap") % 2 == 0 ? "450 later" : "250 ok");
    mail.troubles.put(
        "fail",
        out -> {
          var _ = count("fail");
          return "450 later";
        });
    mail.troubles.put(
        "well",
        out -> {
          var _ = count("well");
          return "250 ok";
        });
  }

  @AfterEach
  void close() {
    over.countDown();
    platform.close();
    mail.close();
    services.values().forEach(service -> service.stop(0));
    threads.shutdownNow();
  }

  private void serve(String trouble) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(trouble, exchange));
    server.start();
    services.put(trouble, server);
  }

  private void answer(String trouble, HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    try (exchange) {
      switch (trouble) {
        case "hang" -> {
          hang(trouble);
          exchange.sendResponseHeaders(200, -1);
        }
        case "flood" -> {
          exchange.sendResponseHeaders(200, 0);
          flood(trouble, exchange.getResponseBody(), new byte[64 * 1024]);
        }
        case "flap" -> exchange.sendResponseHeaders(count(trouble) % 2 == 0 ? 503 : 200, -1);
        case "fail" -> {
          var _ = count(trouble);
          exchange.sendResponseHeaders(503, -1);
        }
        default -> {
          var _ = count(trouble);
          exchange.sendResponseHeaders(200, -1);
        }
      }
    }
  }

  private int count(String trouble) {
    return came.computeIfAbsent(trouble, any -> new AtomicInteger()).incrementAndGet();
  }

  private int came(String trouble) {
    return came.getOrDefault(trouble, new AtomicInteger()).get();
  }

  private void hang(String trouble) {
    var _ = count(trouble);
    try {
      over.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void flood(String trouble, OutputStream out, byte[] part) throws IOException {
    var _ = count(trouble);
    for (int said = 0; said < MOST_ANSWER && over.getCount() > 0; said += part.length) {
      out.write(part);
    }
  }

  private String address(String channel, String trouble, int n) {
    String base =
        "http://127.0.0.1:" + requireNonNull(services.get(trouble)).getAddress().getPort();
    return switch (channel) {
      case "pagerduty" -> base + "/v2/enqueue#%032d".formatted(n);
      case "email" -> trouble + n + "@example.org";
      default -> base + "/n" + n;
    };
  }

  /** Adds an address of a user that something of its own is told at. */
  private void add(String channel, String user, int n) {
    String name = n == 0 ? channel : channel + "/a" + n;
    if (channel.equals("email")) {
      // Confirmations that one user asks for are limited.
      platform.clock().advance(Duration.ofMinutes(10));
    }
    created(
        platform.post(
            "/api/endpoints",
            "{\"user\":\"%s\",\"channel\":\"%s\",\"address\":\"%s\"}"
                .formatted(user, name, address(channel, user, n))));
    var _ =
        platform
            .database()
            .write(handle -> handle.execute("UPDATE endpoint SET state = 'ACTIVE', note = ''"));
    created(
        platform.post(
            "/api/watches",
            "{\"user\":\"%s\",\"target\":\"%s%d/*\",\"channels\":[\"%s\"]}"
                .formatted(user, user, n, name)));
  }

  private static void created(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
  }

  /** Something goes wrong, again and again, with subjects of a type. */
  private void changes(String type, int from, int count) {
    var changes = platform.changes();
    boolean _ =
        platform
            .database()
            .write(handle -> {
              for (int i = from; i < from + count; i++) {
                Subject subject = new Subject(type, Integer.toString(i));
                var _ = changes.append(handle, NewChange.of(subject, "payment.failed", "test"));
              }
              return true;
            });
  }

  private int pending(String user) {
    return platform
        .database()
        .read(handle ->
            handle
                .createQuery(
                    "SELECT count(*) FROM delivery WHERE state = 'pending' AND user_name = ?")
                .bind(0, user)
                .mapTo(Integer.class)
                .one());
  }

  /** How many attempts at somebody's addresses have ended. */
  private int ended(String user) {
    return platform
        .database()
        .read(handle ->
            handle
                .createQuery(
                    "SELECT count(*) FROM attempt JOIN delivery USING (key) WHERE user_name = ?")
                .bind(0, user)
                .mapTo(Integer.class)
                .one());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "webhook",
        "slack",
        "teams",
        "discord",
        "ntfy",
        "pagerduty",
        "alertmanager",
        "email"
      })
  void whateverOthersAddressesDoAUserIsToldMeanwhile(String channel) {
    for (int n = 0; n < ADDRESSES; n++) {
      add(channel, "hang", n);
    }
    for (String trouble : TROUBLES.subList(1, TROUBLES.size())) {
      add(channel, trouble, 0);
    }
    add(channel, "well", 0);
    troubleMail();
    for (int n = 0; n < ADDRESSES; n++) {
      changes("hang" + n, 0, PENDING / ADDRESSES);
    }
    for (String trouble : TROUBLES.subList(1, TROUBLES.size())) {
      changes(trouble + "0", 0, PENDING);
    }
    await().until(() -> pending("fail") >= PENDING - 16 && came("hang") > 0);
    List<Long> millis = new ArrayList<>();
    for (int round = 1; round <= ROUNDS; round++) {
      int told = round;
      platform.clock().advance(STEP);
      long before = System.nanoTime();
      changes("well0", round, 1);
      await()
          .pollInterval(Duration.ofMillis(2))
          .until(() -> came("well") == told && pending("well") == 0);
      millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before));
    }
    assertThat(ended("hang")).as("attempts where it hangs that have ended").isZero();
    assertThat(came("hang")).as("a part of what the channel may have under way").isLessThan(17);
    assertThat(TROUBLES).allSatisfy(trouble -> assertThat(came(trouble)).isPositive());
    System.out.printf(
        "%s: told within %s ms beside %d pending of each trouble, which were tried %s times%n",
        channel, millis, PENDING, came);
  }
}
