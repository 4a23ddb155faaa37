package dev.troth.server.identity;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Claims;
import dev.troth.server.auth.IssuedToken;
import dev.troth.server.auth.TokenStore;
import dev.troth.server.auth.Tokens;
import dev.troth.server.auth.Verdict;
import dev.troth.server.http.Cookies;
import dev.troth.server.http.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The logins of browsers: each is opened with an issued token and lives in a cookie. */
public final class Logins {
  private final Tokens tokens;
  private final TokenStore store;
  private final Cookies.Session cookie;
  private final Runnable ended;

  /**
   * @param ended called when a login has ended, so that what runs by its right can stop
   */
  public Logins(Tokens tokens, TokenStore store, Cookies.Session cookie, Runnable ended) {
    this.tokens = tokens;
    this.store = store;
    this.cookie = cookie;
    this.ended = ended;
  }

  /**
   * A login that began.
   *
   * @param cookie the {@code Set-Cookie} header that carries it
   */
  public record Opened(Caller caller, String cookie) {}

  /**
   * Logs in whoever holds the token; 401 if it does not hold. The login that the browser had ends.
   */
  public Opened open(String token, Optional<String> former, boolean https) {
    Opened opened = open(token, https);
    former.ifPresent(this::end);
    return opened;
  }

  /**
   * A proof that was given elsewhere.
   *
   * @param note what the list of tokens says of it
   * @param known how long it stands for the user's role, beyond the login
   */
  public record Elsewhere(String note, Duration known) {}

  /**
   * Logs in whom somebody else has vouched for. Their logins by an earlier sign-in with another
   * role end, and so does the login that the browser had.
   */
  public Opened openFor(Caller caller, Elsewhere proof, Optional<String> former, boolean https) {
    List<IssuedToken> earlier = store.valid(caller.user(), proof.note());
    for (IssuedToken token : earlier) {
      if (token.role() != caller.role()) {
        store.revoke(token, caller.user());
        ended.run();
      }
    }
    // One that still lasts is used again, so that the list of tokens is not one of sign-ins.
    Claims standing =
        earlier.stream()
            .filter(token -> token.role() == caller.role())
            .map(tokens::claims)
            .filter(token -> lastsHalf(token, proof.known()))
            .findFirst()
            .orElseGet(() -> tokens.issueUnheld(caller, proof.known(), proof.note()));
    Opened opened = session(standing, https);
    former.ifPresent(this::end);
    return opened;
  }

  private boolean lastsHalf(Claims token, Duration known) {
    return token.expiresAt().isAfter(tokens.now().plus(known.dividedBy(2)));
  }

  private Opened session(Claims token, boolean https) {
    Tokens.Signed session = tokens.login(token);
    Duration life = Duration.between(session.claims().issuedAt(), session.claims().expiresAt());
    return new Opened(token.caller(), cookie.header(session.text(), life, https));
  }

  private Opened open(String token, boolean https) {
    return switch (tokens.check(token)) {
      case Verdict.Genuine(Claims claims) when !claims.ofSession() -> session(claims, https);
      case Verdict.Genuine _ ->
          throw Problem.of(401, "the token is one of a login, expected an issued one")
              .toException();
      case Verdict.Refused(String reason) -> throw Problem.of(401, reason).toException();
    };
  }

  /** Ends the login that a session cookie carries; gives the header that removes the cookie. */
  public String end(Optional<String> session, boolean https) {
    session.ifPresent(this::end);
    return cookie.header("", Duration.ZERO, https);
  }

  /** The cookie that carries logins. */
  public Cookies.Session cookie() {
    return cookie;
  }

  private void end(String session) {
    if (tokens.check(session) instanceof Verdict.Genuine(Claims claims) && claims.ofSession()) {
      store.endLogin(claims);
      ended.run();
    }
  }
}
