package dev.troth.server.endpoint;

import static dev.troth.server.http.Parameters.taking;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.endpoint.Endpoints.EndpointRequest;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Items;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Routes;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Map;

/** {@code /api/endpoints}: a user's address book, with a test for each address. */
public final class EndpointRoutes implements Routes {
  private final Endpoints endpoints;

  public EndpointRoutes(Endpoints endpoints) {
    this.endpoints = endpoints;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/endpoints", taking(this::list, "user"))
        .post("/api/endpoints", this::add)
        .delete("/api/endpoints/{id}", this::remove)
        .post("/api/endpoints/{id}/test", this::test)
        .post("/api/endpoints/{id}/enable", this::enable)
        .post("/api/endpoints/{id}/rotate", this::rotate);
  }

  private void list(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.READER);
    String user = Parameters.text(request, "user", caller.user());
    Json.send(response, Items.all(endpoints.of(caller, user)));
  }

  private void add(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    Json.send(response, 201, endpoints.add(caller, Json.read(request, EndpointRequest.class)));
  }

  private void remove(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    long id = Parameters.id(request);
    endpoints.remove(caller, id);
    Json.send(response, Map.of("removed", id));
  }

  private void test(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    Json.send(response, endpoints.test(caller, Parameters.id(request)));
  }

  private void enable(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    Json.send(response, endpoints.enable(caller, Parameters.id(request)));
  }

  private void rotate(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    Json.send(response, endpoints.rotate(caller, Parameters.id(request)));
  }
}
