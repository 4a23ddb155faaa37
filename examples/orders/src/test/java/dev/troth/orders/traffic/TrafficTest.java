package dev.troth.orders.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.orders.http.Reply;
import dev.troth.orders.http.Route;
import dev.troth.orders.http.Service;
import dev.troth.orders.order.OrderRequest;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class TrafficTest {
  @Test
  void theSameSeedMakesTheSameOrders() {
    assertThat(orders(7)).isEqualTo(orders(7)).isNotEqualTo(orders(8));
  }

  @Test
  void sendsOrdersAndNowAndThenNonsense() throws IOException {
    List<Integer> statuses = new CopyOnWriteArrayList<>();
    Route take =
        new Route(
            "POST",
            "/orders",
            request -> {
              try {
                OrderRequest.read(request.body());
                statuses.add(201);
              } catch (dev.troth.orders.http.Problem nonsense) {
                statuses.add(nonsense.status());
              }
              return Reply.json(statuses.getLast(), "ok");
            });
    try (Service api =
            Service.start(new Service.Listen(0, false), OpenTelemetry.noop(), List.of(take));
        Traffic traffic = new Traffic(api.uri(), 1)) {
      for (int i = 0; i < 400; i++) {
        int sent = i;
        traffic.send();
        await().until(() -> statuses.size() > sent);
      }
    }
    assertThat(statuses).hasSize(400).contains(422);
    assertThat(statuses.stream().filter(status -> status == 201).count()).isGreaterThan(380);
  }

  private static List<OrderRequest> orders(long seed) {
    Basket basket = new Basket(RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
    return Stream.generate(basket::next).limit(100).toList();
  }
}
