package dev.troth.orders.consumer;

import dev.troth.orders.http.Problem;
import dev.troth.orders.http.Reply;
import dev.troth.orders.http.Request;
import dev.troth.orders.http.Route;
import dev.troth.orders.http.Service;
import dev.troth.orders.order.OrderPlacedContract;
import dev.troth.orders.process.Daemon;
import dev.troth.orders.process.Flags;
import dev.troth.orders.process.Running;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Follows the platform's stream of changes and keeps each {@code order_placed} that it saw, with
 * the place in the stream, in one transaction: after a crash it goes on where it was, and nothing
 * is kept twice. An event that it cannot use becomes a dead letter with the reason.
 *
 * <p>{@code GET /orders/{id}} is what it saw of an order, {@code GET /dead-letters} what it could
 * not use, {@code GET /counts} how much of each.
 */
public final class Consumer {
  private final SeenStore seen;

  private Consumer(SeenStore seen) {
    this.seen = seen;
  }

  public static void main(String[] arguments) {
    Daemon.run(
        "consumer",
        arguments,
        new Flags.Known(List.of("--stream", "--data", "--registry"), List.of()),
        (flags, telemetry) ->
            start(
                flags.listen(4103),
                new Settings(
                    flags.uri("--stream", "http://127.0.0.1:4000"),
                    token(),
                    OrderPlacedContract.of(flags.uri("--registry"), token()),
                    Path.of(flags.text("--data").orElse("consumer.db"))),
                telemetry));
  }

  private static Optional<String> token() {
    return Optional.ofNullable(System.getenv("TROTH_TOKEN"));
  }

  /**
   * The platform to follow, its bearer token if it wants one, what events keep to, and the file of
   * what was seen.
   */
  public record Settings(
      URI platform, Optional<String> token, OrderPlacedContract contract, Path data) {}

  /** Starts the service and follows the stream from where it was. */
  public static Running start(Service.Listen listen, Settings settings, OpenTelemetry telemetry)
      throws IOException, SQLException {
    SeenStore seen = SeenStore.open(settings.data());
    Service service;
    try {
      service = Service.start(listen, telemetry, new Consumer(seen).routes());
    } catch (IOException e) {
      seen.close();
      throw e;
    }
    Follower follower =
        Follower.start(
            new Follower.Source(settings.platform(), settings.token()),
            seen,
            new Inlet(seen, settings.contract(), Clock.systemUTC(), telemetry));
    return new Running(service.port(), List.of(follower, service, seen));
  }

  private List<Route> routes() {
    return List.of(
        new Route("GET", "/orders/{id}", this::order),
        new Route("GET", "/dead-letters", request -> Reply.json(200, seen.deadLetters(100))),
        new Route("GET", "/counts", request -> Reply.json(200, seen.counts())),
        Route.health());
  }

  private Reply order(Request request) throws Exception {
    String id = request.path("id");
    return seen.order(id)
        .map(order -> Reply.json(200, order))
        .orElseThrow(() -> new Problem(404, "Not seen", "no event of order " + id + " came by"));
  }
}
