package dev.troth.server.audit;

import static dev.troth.server.http.Parameters.taking;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Routes;
import dev.troth.watch.change.Target;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Optional;

/** {@code /api/audit}: who did what. */
public final class AuditRoutes implements Routes {
  private final Audit audit;

  public AuditRoutes(Audit audit) {
    this.audit = audit;
  }

  @Override
  public void addTo(HttpRules rules) {
    rules.get(
        "/api/audit", taking(this::list, "user", "target", "since", "until", "before", "limit"));
  }

  private void list(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.ADMIN);
    Audit.Question question =
        new Audit.Question(
            given(request, "user"),
            given(request, "target").map(text -> Parameters.valid(() -> Target.parse(text))),
            Parameters.instant(request, "since"),
            Parameters.instant(request, "until"));
    int limit = Parameters.limit(request, 50, 200);
    Json.send(response, audit.list(caller, question, given(request, "before"), limit));
  }

  private static Optional<String> given(ServerRequest request, String name) {
    return Optional.of(Parameters.text(request, name, "")).filter(text -> !text.isEmpty());
  }
}
