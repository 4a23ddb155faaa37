package dev.troth.server.group;

import static dev.troth.server.http.Parameters.taking;
import static java.util.Objects.requireNonNullElse;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Items;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Routes;
import dev.troth.server.watch.WatchBody;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /api/groups}: users that are watched for as one; admins keep them. */
public final class GroupRoutes implements Routes {
  private final Groups groups;

  public GroupRoutes(Groups groups) {
    this.groups = groups;
  }

  private record Members(@Nullable Set<String> members) {}

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/groups", this::list)
        .get("/api/groups/{name}", this::find)
        .put("/api/groups/{name}", this::put)
        .delete("/api/groups/{name}", this::remove)
        .post("/api/groups/{name}/watches", this::watch)
        .delete("/api/groups/{name}/watches", taking(this::unwatch, "target"));
  }

  private static String name(ServerRequest request) {
    return request.path().pathParameters().get("name");
  }

  private void list(ServerRequest request, ServerResponse response) {
    Json.send(response, Items.all(groups.of(Callers.require(request, Role.READER))));
  }

  private void find(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.READER);
    Json.send(response, groups.find(caller, name(request)));
  }

  private void put(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.ADMIN);
    Members body = Json.read(request, Members.class);
    Set<String> members = requireNonNullElse(body.members(), Set.of());
    Json.send(response, groups.put(caller, name(request), members));
  }

  private void remove(ServerRequest request, ServerResponse response) {
    groups.remove(Callers.require(request, Role.ADMIN), name(request));
    Json.send(response, Map.of("removed", name(request)));
  }

  private void watch(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.ADMIN);
    Json.send(response, groups.watch(caller, name(request), Json.read(request, WatchBody.class)));
  }

  private void unwatch(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.ADMIN);
    String target = Parameters.text(request, "target", "");
    Json.send(response, groups.unwatch(caller, name(request), target));
  }
}
