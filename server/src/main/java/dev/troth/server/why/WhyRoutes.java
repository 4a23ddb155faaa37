package dev.troth.server.why;

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

/** {@code /api/changes/{id}/why}: why a user was, or was not, told of a change. */
public final class WhyRoutes implements Routes {
  private final Explanations explanations;

  public WhyRoutes(Explanations explanations) {
    this.explanations = explanations;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules.get("/api/changes/{id}/why", taking(this::why, "user"));
  }

  private void why(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.READER);
    String user = Parameters.text(request, "user", caller.user());
    Json.send(response, explanations.why(caller, user, Parameters.id(request)));
  }
}
