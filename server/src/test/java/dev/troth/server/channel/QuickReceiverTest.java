package dev.troth.server.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.troth.server.TestPlatform;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How many messages a receiver has under way, and what one that cannot be recorded does to others.
 */
class QuickReceiverTest {
  private final TestPlatform platform =
      TestPlatform.start("watch.webhooks.allow", "127.0.0.0/8", "limits.rate", "100000");
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger came = new AtomicInteger();
  private final AtomicInteger others = new AtomicInteger();
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger mostInside = new AtomicInteger();
  private volatile int answeredAtOnce = Integer.MAX_VALUE;
  private HttpServer receivers;

  @BeforeEach
  void open() throws IOException {
    receivers =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
    receivers.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    receivers.createContext("/ann", this::answer);
    receivers.createContext(
        "/bob",
        exchange -> {
          var _ = others.incrementAndGet();
          end(exchange);
        });
    receivers.start();
    watcher("ann");
    watcher("bob");
  }

  @AfterEach
  void close() {
    over.countDown();
    receivers.stop(0);
    platform.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    int now = inside.incrementAndGet();
    var _ = mostInside.accumulateAndGet(now, Math::max);
    try {
      if (came.incrementAndGet() > answeredAtOnce) {
        over.await(1, TimeUnit.MINUTES);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      inside.decrementAndGet();
    }
    end(exchange);
  }

  private static void end(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  private void watcher(String user) {
    String address = "http://127.0.0.1:%d/%s".formatted(receivers.getAddress().getPort(), user);
    assertThat(
            platform
                .post(
                    "/api/endpoints",
                    "{\"user\":\"%s\",\"channel\":\"webhook\",\"address\":\"%s\"}"
                        .formatted(user, address))
                .status())
        .isEqualTo(201);
    assertThat(
            platform
                .post(
                    "/api/watches",
                    "{\"user\":\"%s\",\"target\":\"%s/*\",\"channels\":[\"webhook\"]}"
                        .formatted(user, user))
                .status())
        .isEqualTo(201);
  }

  private void changes(String type, int count) {
    boolean _ =
        platform
            .database()
            .write(handle -> {
              for (int i = 0; i < count; i++) {
                Subject subject = new Subject(type, Integer.toString(i));
                var _ = platform.changes().append(handle, NewChange.of(subject, "moved", "test"));
              }
              return true;
            });
  }

  private int inState(String state) {
    return platform
        .database()
        .read(handle ->
            handle
                .createQuery("SELECT count(*) FROM delivery WHERE state = ?")
                .bind(0, state)
                .mapTo(Integer.class)
                .one());
  }

  @Test
  void aReceiverThatTakesMessagesAtOnceHasMoreThanFourUnderWay() {
    answeredAtOnce = 60;
    changes("ann", 150);
    await().untilAsserted(() -> assertThat(inside.get()).isGreaterThan(4));
    changes("bob", 1);
    await().untilAsserted(() -> assertThat(others.get()).isEqualTo(1));
    over.countDown();
    await().untilAsserted(() -> assertThat(inState("delivered")).isEqualTo(151));
    assertThat(mostInside.get()).isLessThanOrEqualTo(36);
    assertThat(came.get()).as("requests for 150 messages").isEqualTo(150);
  }

  @Test
  void aReceiverThatTakesLongHasFour() {
    answeredAtOnce = 0;
    changes("ann", 50);
    await().untilAsserted(() -> assertThat(inside.get()).isEqualTo(4));
    changes("bob", 20);
    await().untilAsserted(() -> assertThat(inState("delivered")).isEqualTo(20));
    assertThat(mostInside.get()).isEqualTo(4);
  }

  @Test
  void aMessageThatCannotBeRecordedAtFirstIsNotSentAgainNorIsAnother() {
    AtomicBoolean failed = new AtomicBoolean();
    SqlLogger fault =
        new SqlLogger() {
          @Override
          public void logBeforeExecution(StatementContext context) {
            if (context.getRawSql().startsWith("INSERT INTO attempt")
                && failed.compareAndSet(false, true)) {
              throw new IllegalStateException("the first record fails");
            }
          }
        };
    boolean _ =
        platform
            .database()
            .write(handle -> {
              handle.getJdbi().getConfig(SqlStatements.class).setSqlLogger(fault);
              return true;
            });
    changes("ann", 20);
    await().untilAsserted(() -> assertThat(inState("delivered")).isEqualTo(20));
    assertThat(failed).isTrue();
    assertThat(came.get()).as("requests for 20 messages").isEqualTo(20);
  }
}
