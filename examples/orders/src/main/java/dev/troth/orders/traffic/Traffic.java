package dev.troth.orders.traffic;

import dev.troth.orders.fault.Fault;
import dev.troth.orders.fault.Faults;
import dev.troth.orders.http.Json;
import dev.troth.orders.http.Service;
import dev.troth.orders.order.OrderRequest;
import dev.troth.orders.process.Daemon;
import dev.troth.orders.process.Flags;
import dev.troth.orders.process.Running;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests at a fixed rate, whether the answers come or not, as customers do: four in five
 * place an order, the rest look at the last one, and one in a hundred orders is nonsense.
 *
 * <p>The same seed makes the same orders. Each second it prints its {@link Tally} as one line of
 * JSON.
 */
public final class Traffic implements AutoCloseable {
  private static final int MAX_IN_FLIGHT = 256;
  private static final int NO_ANSWER = 599;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** So many answers in a row, each within a time, and the services are warm. */
  private static final int WARM = 20;

  private static final Duration IN_TIME = Duration.ofMillis(400);

  /** Fewer than what an objective of the example takes for an incident. */
  private static final int MOST_FAILURES = 10;

  /** Later than what an objective of the example takes for in time. */
  private static final Duration LATE = Duration.ofMillis(800);

  /** After each that failed or was late, so much longer: a slow machine needs time, not work. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private static final Duration WARM_UP = Duration.ofSeconds(60);

  private final URI api;
  private final Tokens tokens;
  private final RandomGenerator random;
  private final Basket basket;
  private final Basket first;
  private final Tally tally = new Tally();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final Semaphore inFlight = new Semaphore(MAX_IN_FLIGHT);
  private final AtomicReference<@Nullable String> lastPlaced = new AtomicReference<>();
  private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);

  Traffic(URI api, Tokens tokens, long seed) {
    this.api = api;
    this.tokens = tokens;
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    this.basket = new Basket(random);
    // Of its own, so that the orders that follow do not depend on how many it took.
    this.first =
        new Basket(RandomGeneratorFactory.of("L64X128MixRandom").create(Long.MAX_VALUE - seed));
  }

  public static void main(String[] arguments) {
    Daemon.run(
        "traffic",
        arguments,
        new Flags.Known(
            List.of("--api", "--rate", "--seed", "--token-file", "--bad-tokens"), List.of()),
        (flags, telemetry) -> {
          int perSecond = flags.number("--rate", 5, 0, 1_000);
          Faults faults =
              new Faults(
                  Clock.systemUTC(), flags.on("--faults") ? Set.of(Fault.BAD_TOKEN) : Set.of());
          Traffic traffic =
              new Traffic(
                  flags.uri("--api", "http://127.0.0.1:4100"),
                  Tokens.of(
                      flags.text("--token-file").map(Path::of),
                      flags.text("--bad-tokens").map(Path::of),
                      faults),
                  flags.number("--seed", 1, 0, Integer.MAX_VALUE));
          if (perSecond > 0 && !traffic.warmUp()) {
            System.err.println("traffic: the services are still slow, it begins all the same");
          }
          traffic.start(perSecond);
          if (!flags.on("--faults")) {
            return new Running(0, List.of(traffic));
          }
          Service control = Service.start(flags.listen(0), telemetry, faults.routes());
          return new Running(control.port(), List.of(control, traffic));
        });
  }

  /**
   * Sends orders one at a time until the services answer in time: just started, they answer late,
   * and at the full rate they would fall behind and fail for a while.
   *
   * @return whether they do
   */
  boolean warmUp() throws InterruptedException {
    long end = System.nanoTime() + WARM_UP.toNanos();
    int failures = 0;
    for (int inTime = 0; inTime < WARM; ) {
      long begin = System.nanoTime();
      if (failures == MOST_FAILURES || begin > end) {
        return false;
      }
      int status = place(first.next());
      tally(status);
      long took = System.nanoTime() - begin;
      if (status >= 500 || took > LATE.toNanos()) {
        failures++;
        Thread.sleep(PAUSE.multipliedBy(failures));
      }
      boolean soon = took < IN_TIME.toNanos();
      inTime = status < 500 && soon ? inTime + 1 : 0;
    }
    return true;
  }

  private void tally(int status) {
    if (status == NO_ANSWER) {
      tally.failed();
    } else {
      tally.answered(status);
    }
  }

  private int place(OrderRequest order) throws InterruptedException {
    try {
      return client.send(order(order), BodyHandlers.discarding()).statusCode();
    } catch (IOException noAnswer) {
      return NO_ANSWER;
    }
  }

  void start(int perSecond) {
    if (perSecond > 0) {
      long everyNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
      var _ = clock.scheduleAtFixedRate(this::send, everyNanos, everyNanos, TimeUnit.NANOSECONDS);
    }
    var _ =
        clock.scheduleAtFixedRate(() -> System.out.println(tally.line()), 1, 1, TimeUnit.SECONDS);
  }

  /** One request; its answer is counted when it comes. */
  void send() {
    HttpRequest request = next();
    if (!inFlight.tryAcquire()) {
      tally.held();
      return;
    }
    var _ =
        client
            .sendAsync(request, BodyHandlers.ofByteArray())
            .handle((response, failure) -> {
              inFlight.release();
              if (response == null) {
                tally.failed();
              } else {
                tally.answered(response.statusCode());
                response.headers().firstValue("Location").ifPresent(lastPlaced::set);
              }
              return null;
            });
  }

  private HttpRequest next() {
    String last = lastPlaced.get();
    if (random.nextInt(5) == 0 && last != null) {
      return request(last).build();
    }
    OrderRequest order = basket.next();
    Object body =
        random.nextInt(100) == 0
            ? Map.of("customer", order.customer(), "currency", "SHELLS", "items", List.of())
            : order;
    return order(body);
  }

  private HttpRequest order(Object body) {
    return request("/orders")
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofByteArray(Json.bytes(body)))
        .build();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(api.resolve(path)).timeout(TIMEOUT);
    tokens.next().ifPresent(text -> request.header("Authorization", "Bearer " + text));
    return request;
  }

  @Override
  public void close() throws IOException {
    clock.shutdownNow();
    client.shutdownNow();
    client.close();
  }
}
