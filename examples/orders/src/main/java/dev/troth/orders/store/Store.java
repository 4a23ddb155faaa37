package dev.troth.orders.store;

import dev.troth.orders.fault.Fault;
import dev.troth.orders.fault.Faults;
import dev.troth.orders.http.Json;
import dev.troth.orders.http.Problem;
import dev.troth.orders.http.Reply;
import dev.troth.orders.http.Request;
import dev.troth.orders.http.Route;
import dev.troth.orders.http.Service;
import dev.troth.orders.order.Order;
import dev.troth.orders.order.OrderIds;
import dev.troth.orders.process.Daemon;
import dev.troth.orders.process.Flags;
import dev.troth.orders.process.Running;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;

/**
 * The table of orders: {@code PUT /orders/{id}} writes one, {@code GET /orders/{id}} reads it.
 *
 * <p>Putting the same order twice is one order (201, then 200), so the handler may try again;
 * another order under the same id is a 409.
 */
public final class Store {
  private static final Duration SLOW = Duration.ofSeconds(1);

  private final OrderStore orders;
  private final Faults faults;
  private final Set<String> refusedOnce = Collections.newSetFromMap(new Recent());

  private Store(OrderStore orders, Faults faults) {
    this.orders = orders;
    this.faults = faults;
  }

  public static void main(String[] arguments) {
    Daemon.run(
        "store",
        arguments,
        new Flags.Known(List.of("--data"), List.of()),
        (flags, telemetry) ->
            start(
                flags.listen(4102),
                new Settings(
                    Path.of(flags.text("--data").orElse("orders.db")), flags.on("--faults")),
                telemetry));
  }

  /** The file of the orders, and whether faults can be switched on. */
  public record Settings(Path data, boolean faults) {}

  /** Starts the service. */
  public static Running start(Service.Listen listen, Settings settings, OpenTelemetry telemetry)
      throws IOException, SQLException {
    Faults faults =
        new Faults(
            Clock.systemUTC(), settings.faults() ? Set.of(Fault.SLOW_DB, Fault.RETRIES) : Set.of());
    OrderStore orders = OrderStore.open(settings.data());
    List<Route> routes = new ArrayList<>(new Store(orders, faults).routes());
    routes.addAll(faults.routes());
    try {
      Service service = Service.start(listen, telemetry, routes);
      return new Running(service.port(), List.of(service, orders));
    } catch (IOException e) {
      orders.close();
      throw e;
    }
  }

  private List<Route> routes() {
    return List.of(
        new Route("PUT", "/orders/{id}", this::write),
        new Route("GET", "/orders/{id}", this::read),
        Route.health());
  }

  private Reply write(Request request) throws Exception {
    String id = request.path("id");
    Order order = parse(request.body());
    if (!OrderIds.isOne(id) || !id.equals(order.orderId())) {
      throw new Problem(
          422, "Not this order", "orderId is '%s', expected %s".formatted(order.orderId(), id));
    }
    if (faults.strike(Fault.RETRIES).isPresent() && firstAttempt(id)) {
      throw new Problem(503, "Busy", "the table is busy, try again");
    }
    if (faults.strike(Fault.SLOW_DB).isPresent()) {
      Thread.sleep(SLOW);
    }
    return switch (orders.put(order)) {
      case WRITTEN -> Reply.json(201, order);
      case THERE_ALREADY -> Reply.json(200, order);
      case ANOTHER_THERE ->
          throw new Problem(409, "Another order", "order " + id + " exists and is another one");
    };
  }

  private Reply read(Request request) throws Exception {
    String id = request.path("id");
    return orders
        .get(id)
        .map(order -> Reply.json(200, order))
        .orElseThrow(() -> new Problem(404, "No such order", "there is no order " + id));
  }

  private static Order parse(byte[] body) {
    try {
      return Json.read(body, Order.class);
    } catch (JacksonException | NullPointerException e) {
      throw new Problem(422, "Not an order", String.valueOf(e.getMessage()));
    }
  }

  private boolean firstAttempt(String id) {
    synchronized (refusedOnce) {
      return refusedOnce.add(id);
    }
  }

  /** Forgets the oldest: the fault needs to know an order only until its second attempt. */
  private static final class Recent extends LinkedHashMap<String, Boolean> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
      return size() > 10_000;
    }
  }
}
