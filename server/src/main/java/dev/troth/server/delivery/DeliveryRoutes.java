package dev.troth.server.delivery;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.change.SubjectStore;
import dev.troth.server.db.Database;
import dev.troth.server.delivery.DeliveryStore.Row;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import dev.troth.watch.delivery.Delivery;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** {@code /api/deliveries}: what was sent beside the inbox, what was not, and its replay. */
public final class DeliveryRoutes implements Routes {
  private static final Set<String> STATES = Set.of("pending", "delivered", "superseded", "dead");

  private final Database database;
  private final DeliveryStore deliveries;
  private final Clock clock;
  private final Wakeup bell;

  public DeliveryRoutes(Database database, DeliveryStore deliveries, Clock clock, Wakeup bell) {
    this.database = database;
    this.deliveries = deliveries;
    this.clock = clock;
    this.bell = bell;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/deliveries", this::list)
        .post("/api/deliveries/replay", this::replayMany)
        .post("/api/deliveries/{key}/replay", this::replay);
  }

  private void list(ServerRequest request, ServerResponse response) {
    String user = user(request, Role.READER);
    String state = Parameters.text(request, "state", "dead");
    if (!STATES.contains(state)) {
      throw Problem.badRequest(
              "state is '%s', expected pending, delivered, superseded or dead".formatted(state))
          .toException();
    }
    long before = Parameters.number(request, "before", Long.MAX_VALUE, Long.MAX_VALUE);
    int limit = Math.max(1, Parameters.limit(request, 50, 500));
    List<Row> rows = database.read(handle -> deliveries.list(handle, user, state, before, limit));
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("items", rows.stream().map(Row::document).toList());
    if (rows.size() == limit) {
      page.put("next", rows.getLast().route().seq());
    }
    Json.send(response, page);
  }

  private void replay(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    String key = request.path().pathParameters().get("key");
    int count =
        database.write(handle -> {
          Row row =
              deliveries
                  .find(handle, key)
                  .filter(found -> caller.mayActFor(found.route().user()))
                  .orElseThrow(() ->
                      Problem.notFound("delivery %s does not exist".formatted(key)).toException());
          if (row.delivery().state() != Delivery.State.DEAD) {
            throw Problem.conflict(
                    "delivery %s is %s, expected dead".formatted(key, row.delivery().state()))
                .toException();
          }
          return replay(handle, List.of(row));
        });
    bell.ring();
    Json.send(response, Map.of("replayed", count));
  }

  /** Replays the dead letters of {@code ?after=&before=&channel=}; all without them. */
  private void replayMany(ServerRequest request, ServerResponse response) {
    String user = user(request, Role.MEMBER);
    SubjectStore.Range range =
        new SubjectStore.Range(
            Parameters.number(request, "after", 0, Long.MAX_VALUE),
            Parameters.number(request, "before", Long.MAX_VALUE, Long.MAX_VALUE));
    String channel = Parameters.text(request, "channel", "");
    int count =
        database.write(handle -> replay(handle, deliveries.dead(handle, user, range, channel)));
    bell.ring();
    Json.send(response, Map.of("replayed", count));
  }

  private int replay(Handle handle, List<Row> rows) {
    for (Row row : rows) {
      deliveries.settle(handle, row.key(), row.delivery().replayed(clock.instant()));
    }
    return rows.size();
  }

  private static String user(ServerRequest request, Role role) {
    Caller caller = Callers.require(request, role);
    String user = Parameters.text(request, "user", caller.user());
    var _ = Callers.requireFor(request, user);
    return user;
  }
}
