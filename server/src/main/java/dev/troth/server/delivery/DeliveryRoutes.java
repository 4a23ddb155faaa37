package dev.troth.server.delivery;

import static dev.troth.server.http.Parameters.taking;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.change.SubjectStore;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Items;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import dev.troth.watch.delivery.Delivery;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Map;

/** {@code /api/deliveries}: what was sent beside the inbox, what was not, and its replay. */
public final class DeliveryRoutes implements Routes {
  private final Deliveries deliveries;

  public DeliveryRoutes(Deliveries deliveries) {
    this.deliveries = deliveries;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/deliveries", taking(this::list, "user", "state", "before", "limit"))
        .get("/api/deliveries/{key}/attempts", this::attempts)
        .post(
            "/api/deliveries/replay",
            taking(this::replayMany, "user", "after", "before", "channel"))
        .post("/api/deliveries/{key}/replay", this::replay);
  }

  private void list(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.READER);
    String user = Parameters.text(request, "user", caller.user());
    caller.requireFor(user);
    Delivery.State state = state(Parameters.text(request, "state", "dead"));
    String before = Parameters.text(request, "before", "");
    int limit = Parameters.limit(request, 50, 500);
    Json.send(response, deliveries.list(caller, user, state, before, limit));
  }

  private void attempts(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.READER);
    String key = request.path().pathParameters().get("key");
    Json.send(response, Items.all(deliveries.attempts(caller, key)));
  }

  private static Delivery.State state(String text) {
    for (Delivery.State state : Delivery.State.values()) {
      if (state.toString().equals(text)) {
        return state;
      }
    }
    throw Problem.badRequest(
            "state is '%s', expected pending, delivered, superseded, suppressed or dead"
                .formatted(text))
        .toException();
  }

  private void replay(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    String key = request.path().pathParameters().get("key");
    Json.send(response, Map.of("replayed", deliveries.replay(caller, key)));
  }

  /** Replays the dead letters of {@code ?after=&before=&channel=}; all without them. */
  private void replayMany(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    String user = Parameters.text(request, "user", caller.user());
    SubjectStore.Range range =
        new SubjectStore.Range(
            Parameters.number(request, "after", 0, Long.MAX_VALUE),
            Parameters.number(request, "before", Long.MAX_VALUE, Long.MAX_VALUE));
    String channel = Parameters.text(request, "channel", "");
    Json.send(response, Map.of("replayed", deliveries.replay(caller, user, range, channel)));
  }
}
