package dev.troth.server.objective;

import static dev.troth.server.http.Parameters.taking;

import dev.troth.server.auth.Role;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import dev.troth.slo.objective.Durations;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** {@code /api/objectives}: how promises stand. */
public final class ObjectiveRoutes implements Routes {
  private static final Duration LONGEST = Duration.ofDays(93);

  private final Objectives desk;

  public ObjectiveRoutes(Objectives desk) {
    this.desk = desk;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/objectives", taking(this::list, "at"))
        .get("/api/objectives/{name}", taking(this::one, "range", "at"));
  }

  private void list(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    Optional<Instant> at = Parameters.instant(request, "at");
    Json.send(response, at.map(desk::list).orElseGet(desk::list));
  }

  private void one(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    String name = request.path().pathParameters().get("name");
    try {
      var range = request.query().first("range").asOptional().map(ObjectiveRoutes::range);
      Optional<Instant> at = Parameters.instant(request, "at");
      Json.send(
          response,
          at.map(instant -> desk.detail(name, range, instant))
              .orElseGet(() -> desk.detail(name, range))
              .orElseThrow(() ->
                  Problem.notFound("there is no objective '%s'".formatted(name)).toException()));
    } catch (IllegalArgumentException wrong) {
      throw Problem.badRequest("range: " + wrong.getMessage()).toException();
    }
  }

  /**
   * Reads how far back a chart goes.
   *
   * @throws IllegalArgumentException if it is none, or further than anything is kept
   */
  public static Duration range(String text) {
    Duration range = Durations.parse(text);
    if (range.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "%s is longer than anything is kept, expected at most %s"
              .formatted(text, Durations.format(LONGEST)));
    }
    return range;
  }
}
