package dev.troth.orders.consumer;

import dev.troth.orders.http.Problem;
import dev.troth.orders.http.Reply;
import dev.troth.orders.http.Request;
import dev.troth.orders.http.Route;
import dev.troth.orders.http.Service;
import dev.troth.orders.process.Daemon;
import dev.troth.orders.process.Flags;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Follows the platform's stream of changes and keeps each {@code order_placed} that it saw, with the
 * place in the stream, in one transaction: after a crash it goes on where it was, and nothing is
 * kept twice. An event that it cannot use becomes a dead letter with the reason.
 *
 * <p>{@code GET /orders/{id}} is what it saw of an order, {@code GET /dead-letters} what it could
 * not use, {@code GET /counts} how much of each.
 */
public final class Consumer {
  private final SeenStore seen;

  Consumer(SeenStore seen) {
    this.seen = seen;
  }

  public static void main(String[] arguments) {
    Daemon.run(
        "consumer",
        arguments,
        new Flags.Known(List.of("--stream", "--data"), List.of()),
        (flags, telemetry) -> {
          URI platform = flags.uri("--stream", "http://127.0.0.1:4000");
          SeenStore seen = SeenStore.open(Path.of(flags.text("--data").orElse("consumer.db")));
          Optional<String> token = Optional.ofNullable(System.getenv("TROTH_TOKEN"));
          Inlet inlet = new Inlet(seen, Clock.systemUTC(), telemetry);
          Service service =
              Service.start(flags.listen(4103), telemetry, new Consumer(seen).routes());
          Follower follower =
              Follower.start(new Follower.Source(platform, token), seen.position(), inlet);
          return new Daemon.Running(service.port(), List.of(follower, service, seen));
        });
  }

  List<Route> routes() {
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
