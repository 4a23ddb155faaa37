package dev.troth.server.trace;

import static dev.troth.server.http.Parameters.taking;

import dev.troth.server.auth.Role;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** {@code /api/traces}: the newest traces, and one with its log lines and what it counted as. */
public final class TraceRoutes implements Routes {
  private final Traces desk;

  public TraceRoutes(Traces desk) {
    this.desk = desk;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/traces", taking(this::list, TraceQuery.NAMES))
        .get("/api/traces/{id}", taking(this::one, "from", "limit"));
  }

  private void list(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    try {
      Json.send(
          response, desk.list(TraceQuery.parse(name -> request.query().first(name).asOptional())));
    } catch (IllegalArgumentException wrong) {
      throw Problem.badRequest(String.valueOf(wrong.getMessage())).toException();
    }
  }

  private void one(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    String id = request.path().pathParameters().get("id");
    int from = (int) Parameters.number(request, "from", 0, Integer.MAX_VALUE);
    int limit = Parameters.limit(request, 1_000, 10_000);
    Json.send(
        response,
        desk.trace(id, from, limit)
            .orElseThrow(() ->
                Problem.notFound(
                        "there is no trace '%s' among the newest and the bad ones".formatted(id))
                    .toException()));
  }
}
