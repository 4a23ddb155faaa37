package dev.troth.server.source;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Items;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Routes;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/sources}: where changes come from that nobody sends in; for admins. */
public final class SourceRoutes implements Routes {
  private final Sources sources;

  public SourceRoutes(Sources sources) {
    this.sources = sources;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/sources", this::list)
        .post("/api/sources", this::add)
        .get("/api/sources/{name}", this::find)
        .delete("/api/sources/{name}", Parameters.taking(this::remove, "leave"))
        .post("/api/sources/{name}/pause", this::pause)
        .post("/api/sources/{name}/resume", this::resume)
        .post("/api/sources/{name}/test", this::test)
        .post("/api/sources/{name}/rotate", this::rotate);
  }

  private static Caller admin(ServerRequest request) {
    return Callers.require(request, Role.ADMIN);
  }

  private static String name(ServerRequest request) {
    return request.path().pathParameters().get("name");
  }

  private void list(ServerRequest request, ServerResponse response) {
    Json.send(response, Items.all(sources.all(admin(request))));
  }

  private void add(ServerRequest request, ServerResponse response) {
    Caller caller = admin(request);
    Json.send(response, 201, sources.add(caller, Json.read(request, SourceRequest.class)));
  }

  private void find(ServerRequest request, ServerResponse response) {
    Json.send(response, sources.find(admin(request), name(request)));
  }

  private void remove(ServerRequest request, ServerResponse response) {
    String left = sources.remove(admin(request), name(request), leave(request));
    Json.send(
        response,
        left.isEmpty()
            ? Map.of("removed", name(request))
            : Map.of("removed", name(request), "leftOver", left));
  }

  private static boolean leave(ServerRequest request) {
    return Parameters.number(request, "leave", 0, 1) == 1;
  }

  /**
   * Another secret.
   *
   * @param secret null ends the one before
   */
  private record Rotation(@Nullable String secret) {}

  private void rotate(ServerRequest request, ServerResponse response) {
    Caller caller = admin(request);
    Rotation asked = Json.read(request, Rotation.class);
    Json.send(response, sources.rotate(caller, name(request), asked.secret()));
  }

  private void pause(ServerRequest request, ServerResponse response) {
    Json.send(response, sources.pause(admin(request), name(request)));
  }

  private void resume(ServerRequest request, ServerResponse response) {
    Json.send(response, sources.resume(admin(request), name(request)));
  }

  private void test(ServerRequest request, ServerResponse response) {
    Json.send(response, sources.test(admin(request), name(request)));
  }
}
