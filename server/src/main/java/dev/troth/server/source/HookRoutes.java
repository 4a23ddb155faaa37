package dev.troth.server.source;

import dev.troth.server.http.Bodies;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** {@code POST /hooks/NAME}: webhooks of others; the signature is all that they prove. */
public final class HookRoutes implements Routes {
  private final Hooks hooks;

  public HookRoutes(Hooks hooks) {
    this.hooks = hooks;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules.post("/hooks/{name}", this::take);
  }

  private void take(ServerRequest request, ServerResponse response) {
    Json.requireType(request, "application/json");
    // As it came, because that is what was signed.
    byte[] body = Bodies.read(request);
    String name = request.path().pathParameters().get("name");
    try {
      Json.send(response, hooks.take(name, Parameters.headers(request), body));
    } catch (Hooks.NotGenuine e) {
      throw Problem.of(401, "the signature is missing or not that of this body").toException();
    }
  }
}
