package dev.troth.server.login;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Claims;
import dev.troth.server.auth.TokenStore;
import dev.troth.server.auth.Tokens;
import dev.troth.server.auth.Verdict;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Cookies;
import dev.troth.server.http.Json;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;

/**
 * {@code /api/session}: POST a token to log a browser in, DELETE to log it out; {@code /api/me}:
 * who one is.
 */
public final class SessionRoutes implements Routes {
  private final Tokens tokens;
  private final TokenStore store;

  public SessionRoutes(Tokens tokens, TokenStore store) {
    this.tokens = tokens;
    this.store = store;
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
    switch (tokens.check(login.token())) {
      case Verdict.Genuine(Claims claims) when !claims.ofSession() -> {
        Tokens.Signed session = tokens.login(claims);
        Duration life = Duration.between(session.claims().issuedAt(), session.claims().expiresAt());
        response.header(
            HeaderNames.SET_COOKIE, Cookies.session(session.text(), life, https(request)));
        Json.send(response, Me.of(claims.caller()));
      }
      case Verdict.Genuine _ ->
          throw Problem.of(401, "the token is one of a login, expected an issued one")
              .toException();
      case Verdict.Refused(String reason) -> throw Problem.of(401, reason).toException();
    }
  }

  private void logout(ServerRequest request, ServerResponse response) {
    Cookies.session(request)
        .map(tokens::check)
        .ifPresent(verdict -> {
          if (verdict instanceof Verdict.Genuine(Claims claims) && claims.ofSession()) {
            store.endLogin(claims);
          }
        });
    response.header(HeaderNames.SET_COOKIE, Cookies.session("", Duration.ZERO, https(request)));
    response.status(204).send();
  }

  /** Whether the page itself came over TLS, which then ends in a proxy before us. */
  private static boolean https(ServerRequest request) {
    return request.headers().first(HeaderNames.ORIGIN).orElse("").startsWith("https://");
  }
}
