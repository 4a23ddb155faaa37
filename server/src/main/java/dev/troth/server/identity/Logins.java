package dev.troth.server.identity;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Claims;
import dev.troth.server.auth.ProviderUser;
import dev.troth.server.auth.QuietActStore;
import dev.troth.server.auth.SignInGrounds;
import dev.troth.server.auth.SignInStore;
import dev.troth.server.auth.TokenStore;
import dev.troth.server.auth.Tokens;
import dev.troth.server.auth.Verdict;
import dev.troth.server.http.Cookies;
import dev.troth.server.http.Problem;
import dev.troth.server.http.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The logins of browsers: each is opened with an issued token and lives in a cookie. */
public final class Logins {
  private static final int LONGEST_NOTE = 200;

  private final Tokens tokens;
  private final TokenStore store;
  private final SignInStore signIns;
  private final QuietActStore events;
  private final Cookies.Session cookie;
  private final Runnable ended;

  /**
   * @param ended called when a login has ended, so that what runs by its right can stop
   */
  public Logins(
      Tokens tokens,
      TokenStore store,
      SignInStore signIns,
      QuietActStore events,
      Cookies.Session cookie,
      Runnable ended) {
    this.tokens = tokens;
    this.store = store;
    this.signIns = signIns;
    this.events = events;
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
   * @param known how long it stands for the user's role, beyond the login
   */
  public record Elsewhere(SignInGrounds grounds, Duration known) {
    /** What the list of tokens says of it. */
    private String note() {
      String note = "sign-in at " + grounds.who().issuer();
      return note.length() > LONGEST_NOTE ? note.substring(0, LONGEST_NOTE - 1) + "…" : note;
    }
  }

  /**
   * Logs in whom somebody else has vouched for. Their logins by an earlier sign-in with another
   * role or under another name end, those of somebody else under this name too, and so does the
   * login that the browser had.
   */
  public Opened openFor(Caller caller, Elsewhere proof, Optional<String> former, boolean https) {
    try {
      Caller.requirePerson(caller.user());
    } catch (IllegalArgumentException taken) {
      throw Problem.forbidden(String.valueOf(taken.getMessage())).toException();
    }
    // One that still lasts is used again, so that the list of tokens is not one of sign-ins.
    Instant least = tokens.now().plus(proof.known().dividedBy(2));
    SignInStore.Renewed renewed =
        signIns.renew(
            caller,
            proof.grounds(),
            token -> token.expiresAt().isAfter(least),
            () -> tokens.unheld(caller, proof.known(), proof.note()));
    if (renewed.ended()) {
      ended.run();
    }
    Opened opened = session(tokens.claims(renewed.token()), https);
    events.signedIn(caller.user(), proof.note());
    former.ifPresent(this::end);
    return opened;
  }

  /** Ends the logins of somebody whom a provider knows and who has no role here any longer. */
  public void refuse(ProviderUser who, Optional<String> user) {
    events.refused("who signed in at %s has no role here".formatted(who.issuer()));
    if (signIns.end(who, user)) {
      ended.run();
    }
  }

  private Opened session(Claims token, boolean https) {
    Tokens.Signed session = tokens.login(token);
    Duration life = Duration.between(session.claims().issuedAt(), session.claims().expiresAt());
    return new Opened(token.caller(), cookie.header(session.text(), life, https));
  }

  private Opened open(String token, boolean https) {
    return switch (tokens.check(token)) {
      case Verdict.Genuine(Claims claims) when !claims.ofSession() -> {
        Opened opened = session(claims, https);
        events.signedIn(claims.caller().user(), "token " + claims.id());
        yield opened;
      }
      case Verdict.Genuine _ ->
          throw refused("the token is one of a login, expected an issued one");
      case Verdict.Refused(String reason) -> throw refused(reason);
    };
  }

  private ProblemException refused(String reason) {
    events.refused(reason);
    return Problem.of(401, reason).toException();
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
      events.signedOut(claims.caller().user());
      ended.run();
    }
  }
}
