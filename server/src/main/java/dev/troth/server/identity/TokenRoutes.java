package dev.troth.server.identity;

import static dev.troth.server.http.Parameters.taking;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Routes;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Optional;

/** {@code /api/tokens}: pages of tokens, their creation and their end. */
public final class TokenRoutes implements Routes {
  private final AccessTokens tokens;

  public TokenRoutes(AccessTokens tokens) {
    this.tokens = tokens;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/tokens", taking(this::list, "before", "limit"))
        .post("/api/tokens", this::create)
        .delete("/api/tokens/{id}", this::revoke);
  }

  private void list(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.of(request);
    int limit = Parameters.limit(request, 50, 500);
    Optional<String> before = Optional.of(Parameters.text(request, "before", ""));
    Json.send(response, tokens.visibleTo(caller, before.filter(id -> !id.isEmpty()), limit));
  }

  private void create(ServerRequest request, ServerResponse response) {
    // Asked before the body is read: who may not issue is told that, and not what the body lacks.
    Caller caller = Callers.require(request, Role.ADMIN);
    AccessTokens.TokenRequest asked = Json.read(request, AccessTokens.TokenRequest.class);
    Json.send(response, 201, tokens.issue(asked, caller));
  }

  private void revoke(ServerRequest request, ServerResponse response) {
    tokens.revoke(request.path().pathParameters().get("id"), Callers.of(request));
    response.status(204).send();
  }
}
