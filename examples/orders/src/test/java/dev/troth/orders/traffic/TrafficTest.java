package dev.troth.orders.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.orders.fault.Fault;
import dev.troth.orders.fault.Faults;
import dev.troth.orders.http.Problem;
import dev.troth.orders.http.Reply;
import dev.troth.orders.http.Route;
import dev.troth.orders.http.Service;
import dev.troth.orders.order.OrderRequest;
import io.opentelemetry.api.OpenTelemetry;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrafficTest {
  @Test
  void theSameSeedMakesTheSameOrders() {
    assertThat(orders(7)).isEqualTo(orders(7)).isNotEqualTo(orders(8));
  }

  @Test
  void sendsOrdersAndNowAndThenNonsense() throws Exception {
    List<Integer> statuses = new ArrayList<>();
    BlockingQueue<Integer> taken = new SynchronousQueue<>();
    Route take =
        new Route(
            "POST",
            "/orders",
            request -> {
              assertThat(request.header("authorization")).hasValue("Bearer a token");
              int status = judge(request.body());
              taken.put(status);
              return Reply.json(status, "judged");
            });
    try (Service api =
            Service.start(new Service.Listen(0, false), OpenTelemetry.noop(), List.of(take));
        Traffic traffic = new Traffic(api.uri(), tokens(Optional.of("a token")), 1)) {
      for (int i = 0; i < 400; i++) {
        traffic.send();
        statuses.add(taken.poll(10, TimeUnit.SECONDS));
      }
    }
    assertThat(statuses).hasSize(400).contains(422);
    assertThat(statuses.stream().filter(status -> status == 201).count()).isGreaterThan(380);
  }

  /** An API whose first answers are 504; counts what it is asked, and how much of it at once. */
  private static boolean warmUp(int cold, AtomicInteger asked, AtomicInteger most)
      throws Exception {
    AtomicInteger now = new AtomicInteger();
    Route take =
        new Route(
            "POST",
            "/orders",
            request -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              int status = asked.incrementAndGet() <= cold ? 504 : judge(request.body());
              now.decrementAndGet();
              return Reply.json(status, "judged");
            });
    try (Service api =
            Service.start(new Service.Listen(0, false), OpenTelemetry.noop(), List.of(take));
        Traffic traffic = new Traffic(api.uri(), tokens(Optional.empty()), 1)) {
      return traffic.warmUp();
    }
  }

  @Test
  void coldServicesGetOneOrderAtATimeUntilTheyAnswer() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    assertThat(warmUp(5, asked, most)).isTrue();
    assertThat(asked.get()).isGreaterThanOrEqualTo(25);
    assertThat(most).hasValue(1);
  }

  /** An answer that is late is bad for an objective too, so that few of them are asked for. */
  @Test
  void servicesThatStayLateAreNotAskedForMoreThanAnObjectiveTakes() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    Route late =
        new Route(
            "POST",
            "/orders",
            request -> {
              asked.incrementAndGet();
              Thread.sleep(850);
              return Reply.json(201, "late");
            });
    try (Service api =
            Service.start(new Service.Listen(0, false), OpenTelemetry.noop(), List.of(late));
        Traffic traffic = new Traffic(api.uri(), tokens(Optional.empty()), 1)) {
      assertThat(traffic.warmUp()).isFalse();
    }
    assertThat(asked).hasValue(10);
  }

  /**
   * Ten failures are no incident in the example's objectives; a platform that is down stays down.
   */
  @Test
  void servicesThatNeverAnswerAreNotWaitedForLong() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    assertThat(warmUp(Integer.MAX_VALUE, asked, new AtomicInteger())).isFalse();
    assertThat(asked).hasValue(10);
  }

  private static Tokens tokens(Optional<String> token) {
    return Tokens.of(token, new Faults(Clock.systemUTC(), Set.of()));
  }

  @Test
  void withTheFaultCustomersShowBadTokensInTurnAndThenTheirOwnAgain(@TempDir Path folder)
      throws Exception {
    MovableClock clock = new MovableClock();
    Faults faults = new Faults(clock, Set.of(Fault.BAD_TOKEN));
    Files.writeString(folder.resolve("unknown-key.token"), "of an unknown key\n");
    Files.writeString(folder.resolve("expired.token"), "expired\n");
    Path own = Files.writeString(folder.resolve("own"), "their own\n");
    Tokens tokens = Tokens.of(Optional.of(own), Optional.of(folder), faults);
    assertThat(tokens.next()).hasValue("their own");
    try (Service control =
        Service.start(new Service.Listen(0, false), OpenTelemetry.noop(), faults.routes())) {
      start(control, "{\"fault\":\"bad-token\",\"seconds\":60}");
      assertThat(tokens.next()).hasValue("of an unknown key");
      assertThat(tokens.next()).hasValue("expired");
      start(control, "{\"fault\":\"bad-token\",\"seconds\":60,\"variant\":\"expired\"}");
      assertThat(tokens.next()).hasValue("expired");
    }
    clock.move(61);
    assertThat(tokens.next()).hasValue("their own");
  }

  private static void start(Service control, String fault) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest post =
          HttpRequest.newBuilder(control.uri().resolve("/-/faults"))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(fault))
              .build();
      assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    }
  }

  /** A clock that is moved by hand. */
  private static final class MovableClock implements InstantSource {
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    void move(int seconds) {
      now = now.plusSeconds(seconds);
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  private static int judge(byte[] body) {
    try {
      OrderRequest.read(body);
      return 201;
    } catch (Problem nonsense) {
      return nonsense.status();
    }
  }

  private static List<OrderRequest> orders(long seed) {
    Basket basket = new Basket(RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
    return Stream.generate(basket::next).limit(100).toList();
  }
}
