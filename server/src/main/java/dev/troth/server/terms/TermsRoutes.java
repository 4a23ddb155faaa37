package dev.troth.server.terms;

import static dev.troth.server.http.Parameters.taking;
import static java.util.Objects.requireNonNullElse;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Parameters;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import dev.troth.server.subject.Subjects;
import dev.troth.server.terms.PersonalTerms.PersonBody;
import dev.troth.server.terms.PersonalTerms.PreferenceBody;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /api/preferences}: a user's own terms; an admin may name another user. */
public final class TermsRoutes implements Routes {
  private final PersonalTerms terms;
  private final Subjects subjects;

  /**
   * @param subjects where a change is found to show a template on
   */
  public TermsRoutes(PersonalTerms terms, Subjects subjects) {
    this.terms = terms;
    this.subjects = subjects;
  }

  private record PreviewBody(
      @Nullable String user, @Nullable String title, @Nullable Long change) {}

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/preferences", taking(this::get, "user"))
        .put("/api/preferences", this::set)
        .patch("/api/preferences", this::describe)
        .post("/api/preferences/preview", this::preview)
        .delete("/api/preferences", taking(this::remove, "user", "scope", "channel"));
  }

  private void get(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.READER);
    Json.send(response, terms.of(caller, Parameters.text(request, "user", caller.user())));
  }

  private void set(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    Json.send(response, terms.set(caller, Json.read(request, PreferenceBody.class)));
  }

  private void describe(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    Json.send(response, terms.describe(caller, Json.read(request, PersonBody.class)));
  }

  private void preview(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.READER);
    PreviewBody body = Json.read(request, PreviewBody.class);
    Json.send(
        response,
        terms.preview(
            caller,
            requireNonNullElse(body.user(), caller.user()),
            requireNonNullElse(body.title(), ""),
            subjects.change(caller, Optional.ofNullable(body.change()))));
  }

  /** Which preference is meant has to be said: what is left out would be every change there is. */
  private static String named(ServerRequest request, String name, String expected) {
    String value = Parameters.text(request, name, "");
    if (value.isEmpty()) {
      throw Problem.badRequest("%s is missing, expected %s".formatted(name, expected))
          .toException();
    }
    return value;
  }

  private void remove(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.MEMBER);
    String user = Parameters.text(request, "user", caller.user());
    String scope = named(request, "scope", "all, type:TYPE or watch:TARGET");
    String channel = named(request, "channel", "the name of a channel, or *");
    boolean removed = terms.remove(caller, user, scope, channel);
    Json.send(response, Map.of("removed", removed));
  }
}
