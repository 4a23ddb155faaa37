package dev.troth.orders.handler;

import dev.troth.orders.fault.Fault;
import dev.troth.orders.fault.Faults;
import dev.troth.orders.http.Caller;
import dev.troth.orders.http.Caller.Call;
import dev.troth.orders.http.Json;
import dev.troth.orders.http.Problem;
import dev.troth.orders.http.Reply;
import dev.troth.orders.http.Request;
import dev.troth.orders.http.Route;
import dev.troth.orders.http.Service;
import dev.troth.orders.order.Order;
import dev.troth.orders.order.OrderIds;
import dev.troth.orders.order.OrderPlacedContract;
import dev.troth.orders.order.OrderRequest;
import dev.troth.orders.process.Daemon;
import dev.troth.orders.process.Flags;
import dev.troth.orders.process.Running;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Prices an order, has it stored, then publishes {@code order_placed}.
 *
 * <p>The caller is told 201 once the order is stored, even when the event could not be published:
 * the order stands. That is how many real systems behave, and why a chain that counts only status
 * codes calls such a request good. (A service that must not lose the event keeps it in the same
 * transaction as the order and sends it from there: an outbox.)
 */
public final class Handler {
  private final Caller store;
  private final Publisher publisher;
  private final OrderIds ids;
  private final InstantSource clock;

  private Handler(Caller store, Publisher publisher, OrderIds ids, InstantSource clock) {
    this.store = store;
    this.publisher = publisher;
    this.ids = ids;
    this.clock = clock;
  }

  public static void main(String[] arguments) {
    Daemon.run(
        "handler",
        arguments,
        new Flags.Known(List.of("--store", "--bus", "--registry"), List.of()),
        (flags, telemetry) ->
            start(
                flags.listen(4101),
                new Settings(
                    flags.uri("--store", "http://127.0.0.1:4102"),
                    flags.uri("--bus", "http://127.0.0.1:4000"),
                    token(),
                    OrderPlacedContract.of(flags.uri("--registry"), token()),
                    flags.on("--faults")),
                telemetry));
  }

  private static Optional<String> token() {
    return Optional.ofNullable(System.getenv("TROTH_TOKEN"));
  }

  /**
   * Where the handler stores and publishes, the bearer token of the bus if it wants one, what its
   * events keep to, and whether faults can be switched on.
   */
  public record Settings(
      URI store, URI bus, Optional<String> token, OrderPlacedContract contract, boolean faults) {}

  /** Starts the service. */
  public static Running start(Service.Listen listen, Settings settings, OpenTelemetry telemetry)
      throws IOException {
    Clock clock = Clock.systemUTC();
    List<AutoCloseable> parts = new ArrayList<>();
    Faults faults = new Faults(clock, Set.of());
    Map<String, URI> brokenBuses = Map.of();
    if (settings.faults()) {
      faults = new Faults(clock, Set.of(Fault.PUBLISH, Fault.BAD_PAYLOAD));
      BrokenBus broken = BrokenBus.start();
      brokenBuses = broken.uris();
      parts.add(broken);
    }
    Caller bus = new Caller(settings.bus(), telemetry);
    Handler handler =
        new Handler(
            new Caller(settings.store(), telemetry),
            new Publisher(bus, settings.token(), faults, brokenBuses, settings.contract()),
            new OrderIds(clock, new SecureRandom()),
            clock);
    List<Route> routes = new ArrayList<>(handler.routes());
    routes.addAll(faults.routes());
    Service service = Service.start(listen, telemetry, routes);
    parts.addFirst(service);
    return new Running(service.port(), parts);
  }

  private List<Route> routes() {
    return List.of(
        new Route("POST", "/orders", this::place),
        new Route("GET", "/orders/{id}", this::read),
        Route.health());
  }

  private Reply place(Request request) throws InterruptedException {
    Order order =
        Order.of(
            ids.next(),
            clock.instant().truncatedTo(ChronoUnit.MILLIS),
            OrderRequest.read(request.body()));
    store(order);
    publisher.publish(order, caller(request));
    return Reply.json(201, order).with("Location", "/orders/" + order.orderId());
  }

  /** For whom the api took the order; null where nobody had to show a token. */
  private static @Nullable String caller(Request request) {
    return request
        .header(Caller.SUBJECT)
        .map(text -> URLDecoder.decode(text, StandardCharsets.UTF_8))
        .orElse(null);
  }

  private void store(Order order) throws InterruptedException {
    Call put = Call.put("/orders/{id}", order.orderId(), Json.bytes(order));
    Reply reply;
    try {
      reply = Retry.once(resends -> store.call(put, resends));
    } catch (IOException e) {
      throw new Problem(502, "Order store away", "the order store cannot be reached");
    }
    if (reply.status() >= 300) {
      throw new Problem(502, "Not stored", "the order store answered " + reply.status());
    }
  }

  private Reply read(Request request) throws InterruptedException {
    Call get = Call.get("/orders/{id}", request.path("id"));
    try {
      Reply reply = Retry.once(resends -> store.call(get, resends));
      return new Reply(reply.status(), reply.contentType(), reply.body(), Map.of());
    } catch (IOException e) {
      throw new Problem(502, "Order store away", "the order store cannot be reached");
    }
  }
}
