package dev.troth.server.subject;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.change.ChangeJson;
import dev.troth.server.change.SubjectStore;
import dev.troth.server.db.Database;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import dev.troth.server.watch.WatchStore;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** {@code /api/subjects}: everything that ever changed, and the history of each. */
public final class SubjectRoutes implements Routes {
  private final Database database;
  private final SubjectStore subjects;
  private final WatchStore watches;

  public SubjectRoutes(Database database, SubjectStore subjects, WatchStore watches) {
    this.database = database;
    this.subjects = subjects;
    this.watches = watches;
  }

  @Override
  public void addTo(HttpRules rules) {
    // A subject's id may hold slashes, so it is asked for by query and not by path.
    rules
        .get("/api/subjects", this::list)
        .get("/api/subjects/one", this::one)
        .get("/api/subjects/changes", this::changes);
  }

  /** Subjects whose name begins with {@code ?prefix=}, by name, after {@code ?after=}. */
  private void list(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    String prefix = Parameters.text(request, "prefix", "");
    String after = Parameters.text(request, "after", "");
    int limit = Math.max(1, Parameters.limit(request, 50, 500));
    List<SubjectStore.Row> rows =
        database.read(handle -> subjects.list(handle, prefix, after, limit));
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("items", rows.stream().map(SubjectStore.Row::document).toList());
    if (rows.size() == limit) {
      page.put("next", rows.getLast().name());
    }
    Json.send(response, page);
  }

  private void one(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.READER);
    Subject subject =
        Parameters.valid(() -> Subject.parse(Parameters.text(request, "subject", "")));
    Map<String, Object> document =
        database
            .read(handle -> document(handle, caller, subject))
            .orElseThrow(() ->
                Problem.notFound("subject %s never changed".formatted(subject)).toException());
    Json.send(response, document);
  }

  private Optional<Map<String, Object>> document(Handle handle, Caller caller, Subject subject) {
    return subjects
        .find(handle, subject)
        .map(row -> {
          Map<String, Object> document = row.document();
          document.put("watchers", watches.watchers(handle, subject));
          Target target = new Target.One(subject);
          document.put("watching", watches.find(handle, caller.user(), target).isPresent());
          return document;
        });
  }

  /** The changes of {@code ?target=}, newest first, before {@code ?before=}. */
  private void changes(ServerRequest request, ServerResponse response) {
    var _ = Callers.require(request, Role.READER);
    Target target = Parameters.valid(() -> Target.parse(Parameters.text(request, "target", "*")));
    long before = Parameters.number(request, "before", Long.MAX_VALUE, Long.MAX_VALUE);
    int limit = Math.max(1, Parameters.limit(request, 50, 200));
    List<Change> found =
        database.read(handle ->
            SubjectStore.changes(handle, target, new SubjectStore.Range(0, before), limit));
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("items", found.stream().map(ChangeJson::document).toList());
    if (found.size() == limit) {
      page.put("next", found.getLast().seq());
    }
    Json.send(response, page);
  }
}
