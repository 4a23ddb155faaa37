package dev.troth.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.RawHttp;
import dev.troth.server.config.Limits;
import dev.troth.server.config.ListenAddress;
import dev.troth.server.ops.Metrics;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits for answers goes on behind them. */
class UnansweredWritesTest {
  private static final Limits LIMITS =
      new Limits(1_000, 8, 8, Duration.ofSeconds(30), Duration.ofSeconds(1));
  private final UnansweredWrites unanswered = new UnansweredWrites();
  private final List<String> order = new CopyOnWriteArrayList<>();
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch open = new CountDownLatch(1);
  private Listener listener;

  @BeforeEach
  void start() {
    Routes routes =
        rules ->
            rules
                .get("/api/slow", (request, response) -> response.send(slow()))
                .post("/api/slow", (request, response) -> response.send(slow()))
                .post("/v1/slow", (request, response) -> response.send(slow()));
    listener =
        new Listener(
            "test",
            new ListenAddress("127.0.0.1", 0),
            LIMITS,
            List.of(new Observe("test", new Metrics("test"), unanswered)),
            List.of(routes));
    listener.start();
  }

  @AfterEach
  void stop() {
    open.countDown();
    listener.stop();
  }

  private String slow() throws InterruptedException {
    entered.countDown();
    open.await();
    order.add("answer");
    return "done";
  }

  /** What waits for the answers while a request is under way; the request is not answered yet. */
  private void waitBeside(String request) throws IOException, InterruptedException {
    Thread asking =
        Thread.ofVirtual()
            .start(() -> {
              try (RawHttp connection = new RawHttp(listener.port())) {
                var _ =
                    connection
                        .say(
                            request
                                + " HTTP/1.1\n"
                                + "Host: localhost\n"
                                + "Connection: close\n"
                                + "Content-Length: 0\n\n")
                        .readAll();
              } catch (IOException e) {
                order.add(e.toString());
              }
            });
    entered.await();
    Thread waiting =
        Thread.ofPlatform()
            .daemon(true)
            .start(() -> {
              try {
                unanswered.await(Duration.ofMinutes(1));
                order.add("page");
              } catch (InterruptedException e) {
                order.add("interrupted");
              }
            });
    await()
        .until(() ->
            waiting.getState() == Thread.State.TIMED_WAITING
                || waiting.getState() == Thread.State.TERMINATED);
    open.countDown();
    waiting.join();
    asking.join();
  }

  @Test
  void aWriteIsAnsweredBeforeWhatWaitsForIt() throws Exception {
    waitBeside("POST /api/slow");
    assertThat(order).containsExactly("answer", "page");
  }

  @Test
  void readsAreNotWaitedFor() throws Exception {
    waitBeside("GET /api/slow");
    assertThat(order).containsExactly("page", "answer");
  }

  @Test
  void telemetryIsNotWaitedFor() throws Exception {
    waitBeside("POST /v1/slow");
    assertThat(order).containsExactly("page", "answer");
  }

  @Test
  void whoeverKeepsWritingIsWaitedForNoLongerThanTheTime() throws Exception {
    unanswered.begin();
    unanswered.await(Duration.ofMillis(1));
    unanswered.end();
    unanswered.await(Duration.ofDays(1));
  }
}
