package dev.troth.server.incident;

import static dev.troth.server.http.Parameters.taking;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.troth.server.auth.Caller;
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
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /api/incidents}: what went wrong, who looks after it, and who silenced it. */
public final class IncidentRoutes implements Routes {
  private static final int PAGE = 50;

  private final Incidents incidents;
  private final Clock clock;

  public IncidentRoutes(Incidents incidents, Clock clock) {
    this.incidents = incidents;
    this.clock = clock;
  }

  /** Until when, either as a time or from now on, and why. */
  private record Body(
      @Nullable String until,
      @JsonProperty("for") @Nullable String length,
      @Nullable String reason) {}

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/incidents", taking(this::list, "objective", "before", "at"))
        .get("/api/incidents/{id}", this::one)
        .post("/api/incidents/{id}/acknowledge", this::acknowledge)
        .delete("/api/incidents/{id}/acknowledge", this::unacknowledge)
        .post("/api/incidents/{id}/silence", this::silence)
        .delete("/api/incidents/{id}/silence", this::unsilence);
  }

  private void list(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    Optional<String> objective = request.query().first("objective").asOptional();
    Optional<String> before = request.query().first("before").asOptional();
    Place place = before.map(text -> Parameters.valid(() -> Place.parse(text))).orElse(Place.FIRST);
    Optional<Instant> at = Parameters.instant(request, "at");
    Json.send(
        response,
        at.map(instant -> incidents.list(objective, place, PAGE, instant))
            .orElseGet(() -> incidents.list(objective, place, PAGE)));
  }

  private static String id(ServerRequest request) {
    return request.path().pathParameters().get("id");
  }

  private void one(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    String id = id(request);
    Json.send(
        response,
        incidents
            .incident(id)
            .orElseThrow(
                () -> Problem.notFound("there is no incident '%s'".formatted(id)).toException()));
  }

  private void acknowledge(ServerRequest request, ServerResponse response) {
    hold(request, response, Hold.Kind.ACKNOWLEDGED);
  }

  private void silence(ServerRequest request, ServerResponse response) {
    hold(request, response, Hold.Kind.SILENCED);
  }

  private void hold(ServerRequest request, ServerResponse response, Hold.Kind kind) {
    Caller caller = Callers.require(request, Role.MEMBER);
    Body body = Json.read(request, Body.class);
    Incidents.Wish wish =
        Parameters.valid(() -> wish(kind, body, requireNonNullElse(body.reason(), "")));
    Json.send(response, incidents.hold(caller, id(request), wish));
  }

  private Incidents.Wish wish(Hold.Kind kind, Body body, String reason) {
    String until = body.until();
    String length = body.length();
    if (until == null && length != null) {
      return new Incidents.Wish(kind, Durations.parse(length), reason);
    }
    if (until == null || length != null) {
      throw new IllegalArgumentException(
          "the body has %s, expected either until or for"
              .formatted(until == null ? "neither until nor for" : "until and for"));
    }
    try {
      Instant time = Instant.parse(until);
      Duration left = Duration.between(clock.instant(), time);
      return new Incidents.Wish(kind, left, Optional.of(time), reason);
    } catch (DateTimeException | ArithmeticException wrong) {
      throw new IllegalArgumentException(
          "until is '%s', expected a time such as 2026-01-31T09:30:00Z".formatted(until), wrong);
    }
  }

  private void unacknowledge(ServerRequest request, ServerResponse response) {
    release(request, response, Hold.Kind.ACKNOWLEDGED);
  }

  private void unsilence(ServerRequest request, ServerResponse response) {
    release(request, response, Hold.Kind.SILENCED);
  }

  private void release(ServerRequest request, ServerResponse response, Hold.Kind kind) {
    Caller caller = Callers.require(request, Role.MEMBER);
    Json.send(response, incidents.release(caller, id(request), kind));
  }
}
