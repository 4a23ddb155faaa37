package dev.troth.server.slo;

import dev.troth.server.auth.Role;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import dev.troth.server.otlp.Traces;
import dev.troth.server.otlp.Traces.Cursor;
import dev.troth.server.otlp.Traces.Trace;
import dev.troth.server.otlp.Traces.Wanted;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code /api/traces}: the newest traces, and one with its log lines and what it counted as. */
final class TraceRoutes implements Routes {
  private static final int MOST = 500;

  private final Traces traces;
  private final ObjectiveDesk desk;
  private final TelemetryLosses losses;

  TraceRoutes(Traces traces, ObjectiveDesk desk, TelemetryLosses losses) {
    this.traces = traces;
    this.desk = desk;
    this.losses = losses;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules.get("/api/traces", this::list).get("/api/traces/{id}", this::one);
  }

  private void list(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    Traces.Page page = traces.list(wanted(request));
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("traces", page.traces());
    if (page.next() != null) {
      document.put("next", page.next());
    }
    document.put("dropped", losses.counts());
    Json.send(response, document);
  }

  private static Wanted wanted(ServerRequest request) {
    Optional<String> status = asked(request, "status");
    if (status.filter(s -> !s.equals("error") && !s.equals("ok")).isPresent()) {
      throw Problem.badRequest("status is '%s', expected error or ok".formatted(status.get()))
          .toException();
    }
    try {
      return new Wanted(
          asked(request, "service"),
          asked(request, "name"),
          status.map("error"::equals),
          Double.parseDouble(asked(request, "minMillis").orElse("0")),
          Math.clamp(Integer.parseInt(asked(request, "limit").orElse("50")), 1, MOST),
          asked(request, "before").map(Cursor::parse));
    } catch (NumberFormatException wrong) {
      throw Problem.badRequest("minMillis, limit and before are numbers: " + wrong.getMessage())
          .toException();
    } catch (IllegalArgumentException wrong) {
      throw Problem.badRequest(String.valueOf(wrong.getMessage())).toException();
    }
  }

  private static Optional<String> asked(ServerRequest request, String name) {
    return request.query().first(name).asOptional().filter(value -> !value.isEmpty());
  }

  private void one(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    String id = request.path().pathParameters().get("id");
    Trace trace =
        traces
            .trace(id)
            .orElseThrow(() ->
                Problem.notFound("there is no trace '%s' among the newest".formatted(id))
                    .toException());
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("id", trace.id());
    document.put("start", trace.start());
    document.put("durationMillis", trace.durationMillis());
    document.put("spans", trace.spans());
    document.put("logs", trace.logs());
    document.put("verdicts", desk.verdicts(traces.spans(id)));
    Json.send(response, document);
  }
}
