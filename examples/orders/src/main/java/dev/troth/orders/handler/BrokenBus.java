package dev.troth.orders.handler;

import dev.troth.orders.http.Problem;
import dev.troth.orders.http.Reply;
import dev.troth.orders.http.Route;
import dev.troth.orders.http.Service;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * Two buses that fail, for the fault {@code publish}: real servers, so that a failed publish looks
 * on the wire as it does in earnest.
 */
final class BrokenBus implements AutoCloseable {
  private final Service refused;
  private final Service partial;

  private BrokenBus(Service refused, Service partial) {
    this.refused = refused;
    this.partial = partial;
  }

  static BrokenBus start() throws IOException {
    return new BrokenBus(
        serve(new Problem(503, "Unavailable", "the bus takes no events now").reply()),
        serve(
            Reply.json(207, Map.of("failed", 1, "reason", "throttled"))
                .with("Troth-Failed-Entries", "1")));
  }

  private static Service serve(Reply reply) throws IOException {
    return Service.start(
        new Service.Listen(0, false),
        OpenTelemetry.noop(),
        List.of(new Route("POST", "/api/events", request -> reply)));
  }

  /** Where each variant of the fault is found. */
  Map<String, URI> uris() {
    return Map.of("refused", refused.uri(), "partial", partial.uri());
  }

  @Override
  public void close() {
    refused.close();
    partial.close();
  }
}
