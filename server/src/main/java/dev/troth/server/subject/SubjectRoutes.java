package dev.troth.server.subject;

import static dev.troth.server.http.Parameters.taking;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Routes;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** {@code /api/subjects}: everything that ever changed, and the history of each. */
public final class SubjectRoutes implements Routes {
  private final Subjects subjects;

  public SubjectRoutes(Subjects subjects) {
    this.subjects = subjects;
  }

  @Override
  public void addTo(HttpRules rules) {
    // A subject's id may hold slashes, so it is asked for by query and not by path.
    rules
        .get("/api/subjects", taking(this::list, "prefix", "after", "limit"))
        .get("/api/subjects/one", taking(this::one, "subject"))
        .get("/api/subjects/changes", taking(this::changes, "target", "before", "limit"));
  }

  /** Subjects whose name begins with {@code ?prefix=}, by name, after {@code ?after=}. */
  private void list(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.READER);
    String prefix = Parameters.text(request, "prefix", "");
    String after = Parameters.text(request, "after", "");
    int limit = Parameters.limit(request, 50, 500);
    Json.send(response, subjects.list(caller, prefix, after, limit));
  }

  private void one(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.READER);
    Subject subject =
        Parameters.valid(() -> Subject.parse(Parameters.text(request, "subject", "")));
    Json.send(response, subjects.one(caller, subject));
  }

  /** The changes of {@code ?target=}, newest first, before {@code ?before=}. */
  private void changes(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.READER);
    Target target = Parameters.valid(() -> Target.parse(Parameters.text(request, "target", "*")));
    long before = Parameters.number(request, "before", Long.MAX_VALUE, Long.MAX_VALUE);
    int limit = Parameters.limit(request, 50, 200);
    Json.send(response, subjects.changes(caller, target, before, limit));
  }
}
