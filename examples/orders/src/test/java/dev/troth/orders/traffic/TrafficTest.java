package dev.troth.orders.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.orders.http.Problem;
import dev.troth.orders.http.Reply;
import dev.troth.orders.http.Route;
import dev.troth.orders.http.Service;
import dev.troth.orders.order.OrderRequest;
import io.opentelemetry.api.OpenTelemetry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

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
        Traffic traffic = new Traffic(api.uri(), Optional.of("a token"), 1)) {
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
        Traffic traffic = new Traffic(api.uri(), Optional.empty(), 1)) {
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

  /**
   * Ten failures are no incident in the example's objectives; a platform that is down stays down.
   */
  @Test
  void servicesThatNeverAnswerAreNotWaitedForLong() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    assertThat(warmUp(Integer.MAX_VALUE, asked, new AtomicInteger())).isFalse();
    assertThat(asked).hasValue(10);
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
