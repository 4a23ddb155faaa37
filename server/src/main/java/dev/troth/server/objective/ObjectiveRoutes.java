package dev.troth.server.objective;

import static dev.troth.server.http.Parameters.taking;

import dev.troth.server.auth.Role;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import dev.troth.slo.objective.Durations;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Optional;

/** {@code /api/objectives} and {@code /api/incidents}: how promises stand, and what went wrong. */
public final class ObjectiveRoutes implements Routes {
  private static final int PAGE = 50;

  private final Objectives desk;

  public ObjectiveRoutes(Objectives desk) {
    this.desk = desk;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/objectives", this::list)
        .get("/api/objectives/{name}", taking(this::one, "range"))
        .get("/api/incidents", taking(this::incidents, "objective", "before"))
        .get("/api/incidents/{id}", this::incident);
  }

  private void list(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    Json.send(response, desk.list());
  }

  private void one(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    String name = request.path().pathParameters().get("name");
    try {
      var range = request.query().first("range").asOptional().map(Durations::parse);
      Json.send(
          response,
          desk.detail(name, range)
              .orElseThrow(() ->
                  Problem.notFound("there is no objective '%s'".formatted(name)).toException()));
    } catch (IllegalArgumentException wrong) {
      throw Problem.badRequest("range: " + wrong.getMessage()).toException();
    }
  }

  private void incidents(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    Optional<String> objective = request.query().first("objective").asOptional();
    String before = request.query().first("before").orElse(Long.toString(Long.MAX_VALUE));
    try {
      Json.send(response, desk.incidents(objective, Long.parseLong(before), PAGE));
    } catch (NumberFormatException wrong) {
      throw Problem.badRequest("before is '%s', expected the next of a page".formatted(before))
          .toException();
    }
  }

  private void incident(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    String id = request.path().pathParameters().get("id");
    Json.send(
        response,
        desk.incident(id)
            .orElseThrow(
                () -> Problem.notFound("there is no incident '%s'".formatted(id)).toException()));
  }
}
