package dev.troth.server.breakdown;

import static dev.troth.server.http.Parameters.taking;

import dev.troth.server.auth.Role;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Routes;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Optional;

/** {@code /api/objectives/{name}/groups}: the groups of an objective, worst first. */
public final class BreakdownRoutes implements Routes {
  private static final int PAGE = 50;
  private static final int MOST = 1_002;

  private final Breakdown service;

  public BreakdownRoutes(Breakdown service) {
    this.service = service;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules.get("/api/objectives/{name}/groups", taking(this::list, "group", "limit"));
  }

  private void list(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    int limit = Parameters.limit(request, PAGE, MOST);
    Optional<String> group =
        Optional.of(Parameters.text(request, "group", "")).filter(text -> !text.isEmpty());
    Json.send(response, service.of(request.path().pathParameters().get("name"), group, limit));
  }
}
