package dev.troth.orders.api;

import dev.troth.orders.http.Caller;
import dev.troth.orders.http.Caller.Call;
import dev.troth.orders.http.Problem;
import dev.troth.orders.http.Reply;
import dev.troth.orders.http.Request;
import dev.troth.orders.http.Route;
import dev.troth.orders.http.Service;
import dev.troth.orders.order.OrderIds;
import dev.troth.orders.order.OrderRequest;
import dev.troth.orders.process.Daemon;
import dev.troth.orders.process.Flags;
import dev.troth.orders.process.Running;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The front door: {@code POST /orders} and {@code GET /orders/{id}}.
 *
 * <p>With a key file it asks gate about the bearer token of each request (401 without a good one).
 * It refuses what is not a valid order (422, all reasons at once) and hands the rest to the
 * handler. What the handler says goes back as it is; a handler that is away is a 502, one that does
 * not answer in time a 504.
 */
public final class Api {
  private final Caller handler;

  private Api(Caller handler) {
    this.handler = handler;
  }

  public static void main(String[] arguments) {
    Daemon.run(
        "api",
        arguments,
        new Flags.Known(List.of("--handler", "--keys"), List.of()),
        (flags, telemetry) ->
            start(
                flags.listen(4100),
                new Settings(
                    flags.uri("--handler", "http://127.0.0.1:4101"),
                    flags.text("--keys").map(Path::of)),
                telemetry));
  }

  /**
   * What the service is told.
   *
   * @param handler where it hands orders on to
   * @param keys the file of the keys that sign its callers' tokens; without one anybody may call
   */
  public record Settings(URI handler, Optional<Path> keys) {}

  /** Starts the service in front of the handler. */
  public static Running start(Service.Listen listen, Settings settings, OpenTelemetry telemetry)
      throws IOException {
    Optional<Doorkeeper> door = settings.keys().map(Doorkeeper::of);
    Api api = new Api(new Caller(settings.handler(), telemetry));
    List<Route> routes =
        Stream.concat(
                api.routes()
                    .map(route -> door.map(keeper -> keeper.guard(route)).orElse(unguarded(route))),
                Stream.of(Route.health()))
            .toList();
    Service service = Service.start(listen, telemetry, routes);
    return new Running(service.port(), List.of(service));
  }

  private Stream<Route> routes() {
    return Stream.of(
        new Route("POST", "/orders", this::place), new Route("GET", "/orders/{id}", this::read));
  }

  /** Nobody says who they are, so nobody is anybody. */
  private static Route unguarded(Route route) {
    return new Route(
        route.method(),
        route.template(),
        request -> route.action().answer(request.without(Caller.SUBJECT)));
  }

  private Reply place(Request request) {
    OrderRequest.read(request.body());
    Call call = Call.post("/orders", request.body());
    return handOn(
        request.header(Caller.SUBJECT).map(who -> call.with(Caller.SUBJECT, who)).orElse(call));
  }

  private Reply read(Request request) {
    String id = request.path("id");
    if (!OrderIds.isOne(id)) {
      throw new Problem(404, "No such order", "'" + id + "' is not the id of an order");
    }
    return handOn(Call.get("/orders/{id}", id));
  }

  private Reply handOn(Call call) {
    try {
      Reply reply = handler.call(call, 0);
      String location = reply.headers().get("Location");
      Reply bare = new Reply(reply.status(), reply.contentType(), reply.body(), Map.of());
      return location == null ? bare : bare.with("Location", location);
    } catch (SocketTimeoutException e) {
      throw new Problem(504, "No answer in time", "the order handler did not answer in time");
    } catch (IOException e) {
      throw new Problem(502, "Order handler away", "the order handler cannot be reached");
    }
  }
}
