package dev.troth.server.identity;

import dev.troth.server.auth.Caller;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Cookies;
import dev.troth.server.http.Json;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/session}: POST a token to log a browser in, DELETE to log it out; {@code /api/me}:
 * who one is.
 */
public final class SessionRoutes implements Routes {
  private final Logins logins;

  public SessionRoutes(Logins logins) {
    this.logins = logins;
  }

  /** The body of a login. */
  record Login(@Nullable String token) {}

  /** Who one is. */
  record Me(String user, String role, boolean development) {
    static Me of(Caller caller) {
      return new Me(caller.user(), caller.role().toString(), caller.development());
    }
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/me", (request, response) -> Json.send(response, Me.of(Callers.of(request))))
        .post("/api/session", this::login)
        .delete("/api/session", this::logout);
  }

  private void login(ServerRequest request, ServerResponse response) {
    Login login = Json.read(request, Login.class);
    String token = login.token();
    if (token == null || token.isBlank()) {
      throw Problem.badRequest("token is missing, expected a token").toException();
    }
    Logins.Opened opened =
        logins.open(token, logins.cookie().of(request), Cookies.isHttps(request));
    response.header(HeaderNames.SET_COOKIE, opened.cookie());
    Json.send(response, Me.of(opened.caller()));
  }

  private void logout(ServerRequest request, ServerResponse response) {
    String cookie = logins.end(logins.cookie().of(request), Cookies.isHttps(request));
    response.header(HeaderNames.SET_COOKIE, cookie);
    response.status(204).send();
  }
}
