package dev.troth.server.oncall;

import static dev.troth.server.http.Parameters.taking;
import static java.util.Objects.requireNonNullElse;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Items;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import dev.troth.watch.change.Target;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/pages} and {@code /api/escalations}: who is paged, and who has acknowledged it. */
public final class OncallRoutes implements Routes {
  private final Escalations escalations;

  public OncallRoutes(Escalations escalations) {
    this.escalations = escalations;
  }

  private record Body(
      @Nullable String target, @Nullable List<String> line, @Nullable Long within) {}

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/escalations", this::list)
        .put("/api/escalations/{name}", this::put)
        .delete("/api/escalations/{name}", this::remove)
        .get("/api/pages", taking(this::pages, "state", "before", "limit"))
        .get("/api/pages/{id}", this::page)
        .post("/api/pages/{id}/acknowledge", this::acknowledge);
  }

  private static String name(ServerRequest request) {
    return request.path().pathParameters().get("name");
  }

  private void list(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    Json.send(response, Items.all(escalations.escalations()));
  }

  private void put(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.ADMIN);
    Body body = Json.read(request, Body.class);
    Escalation escalation =
        Parameters.valid(() ->
            new Escalation(
                name(request),
                Target.parse(requireNonNullElse(body.target(), "")),
                requireNonNullElse(body.line(), List.of()),
                Duration.ofSeconds(requireNonNullElse(body.within(), 300L))));
    Json.send(response, escalations.put(caller, escalation));
  }

  private void remove(ServerRequest request, ServerResponse response) {
    escalations.remove(Callers.require(request, Role.ADMIN), name(request));
    Json.send(response, Map.of("removed", name(request)));
  }

  private void pages(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    String state = Parameters.text(request, "state", "open");
    if (!state.equals("open") && !state.equals("all")) {
      throw Problem.badRequest("state is '%s', expected open or all".formatted(state))
          .toException();
    }
    long before = Parameters.number(request, "before", Long.MAX_VALUE, Long.MAX_VALUE);
    int limit = Parameters.limit(request, 50, 500);
    List<PageView> found = escalations.pages(state.equals("all"), before, limit + 1);
    boolean more = found.size() > limit;
    List<PageView> page = more ? found.subList(0, limit) : found;
    Json.send(response, new Items<>(page, more ? page.getLast().id() : null));
  }

  private void page(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    Json.send(response, escalations.page(Parameters.id(request)));
  }

  private void acknowledge(ServerRequest request, ServerResponse response) {
    // Whom an admin has put in line may say that they look after it, whatever else they may.
    Caller caller = Callers.require(request, Role.READER);
    Json.send(response, escalations.acknowledge(caller, Parameters.id(request)));
  }
}
