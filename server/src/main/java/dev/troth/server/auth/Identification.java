package dev.troth.server.auth;

import java.util.Optional;

/**
 * Finds out who sends a request. A token in the header counts before a cookie; without either the
 * caller is the developer while authentication is off, and nobody while it is on.
 */
public final class Identification {
  private final TokenCheck tokens;
  private final boolean development;

  public Identification(TokenCheck tokens, boolean development) {
    this.tokens = tokens;
    this.development = development;
  }

  public Identity of(Credentials credentials) {
    if (credentials.bearer().isPresent()) {
      return switch (tokens.check(credentials.bearer().get())) {
        case Verdict.Genuine(Claims claims) when claims.ofSession() ->
            new Identity.Refused("the token of a login is not valid in a header");
        case Verdict.Genuine(Claims claims) -> known(claims, false);
        case Verdict.Refused(String reason) -> new Identity.Refused(reason);
      };
    }
    if (credentials.session().isPresent()
        && tokens.check(credentials.session().get()) instanceof Verdict.Genuine(Claims claims)
        && claims.ofSession()) {
      return known(claims, true);
    }
    // A stale cookie is not an error: the browser would send it until somebody logs in again.
    return development
        ? new Identity.Known(Caller.DEVELOPER, false, Optional.empty())
        : new Identity.Anonymous();
  }

  private static Identity known(Claims claims, boolean byCookie) {
    return new Identity.Known(claims.caller(), byCookie, Optional.of(claims.expiresAt()));
  }
}
