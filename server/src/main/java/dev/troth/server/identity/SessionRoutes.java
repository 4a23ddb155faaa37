package dev.troth.server.identity;

import dev.troth.server.auth.Caller;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Cookies;
import dev.troth.server.http.Json;
import dev.troth.server.http.Routes;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

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
  record Login(String token) {}

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
    Logins.Opened opened = logins.open(login.token(), Cookies.session(request), https(request));
    response.header(HeaderNames.SET_COOKIE, opened.cookie());
    Json.send(response, Me.of(opened.caller()));
  }

  private void logout(ServerRequest request, ServerResponse response) {
    String cookie = logins.end(Cookies.session(request), https(request));
    response.header(HeaderNames.SET_COOKIE, cookie);
    response.status(204).send();
  }

  /** Whether the page itself came over TLS, which then ends in a proxy before us. */
  static boolean https(ServerRequest request) {
    return request.headers().first(HeaderNames.ORIGIN).orElse("").startsWith("https://");
  }
}
