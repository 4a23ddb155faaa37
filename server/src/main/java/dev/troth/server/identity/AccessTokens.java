package dev.troth.server.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.troth.server.auth.Caller;
import dev.troth.server.auth.IssuedToken;
import dev.troth.server.auth.Role;
import dev.troth.server.auth.TokenStore;
import dev.troth.server.auth.Tokens;
import dev.troth.server.config.ValueType;
import dev.troth.server.error.DomainException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Issued tokens: admins issue them and see all; everybody sees and revokes their own. */
public final class AccessTokens {
  private static final String USUAL_LIFE = "30d";

  private final Tokens tokens;
  private final TokenStore store;
  private final Clock clock;
  private final Runnable ended;

  /**
   * @param ended called when a token has been revoked, so that what runs by its right can stop
   */
  public AccessTokens(Tokens tokens, TokenStore store, Clock clock, Runnable ended) {
    this.tokens = tokens;
    this.store = store;
    this.clock = clock;
    this.ended = ended;
  }

  /**
   * What is asked for.
   *
   * @param life how long it shall hold, such as {@code 30d}
   */
  public record TokenRequest(
      @Nullable String user, @Nullable String role, @Nullable String life, @Nullable String note) {}

  /** A token that was just issued, with its text. */
  public record Issued(String id, String token, Instant expiresAt) {}

  /**
   * A page of tokens.
   *
   * @param next the token before which the next page goes on; null at the end
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record TokenPage(List<TokenView> tokens, @Nullable String next) {}

  /** The tokens that the caller may see, the newest first, before the one of an id. */
  public TokenPage visibleTo(Caller caller, Optional<String> before, int limit) {
    Optional<String> user = caller.has(Role.ADMIN) ? Optional.empty() : Optional.of(caller.user());
    if (before.flatMap(store::find).filter(last -> caller.mayActFor(last.user())).isEmpty()
        && before.isPresent()) {
      throw new DomainException.Invalid(
          "before is '%s', expected the next of another page".formatted(before.get()));
    }
    Instant now = clock.instant();
    List<TokenView> found =
        store.list(user, before, limit + 1).stream()
            .map(token -> TokenView.of(token, now))
            .toList();
    return found.size() <= limit
        ? new TokenPage(found, null)
        : new TokenPage(found.subList(0, limit), found.get(limit - 1).id());
  }

  /** Issues a token; for admins alone. */
  public Issued issue(TokenRequest request, Caller caller) {
    if (!caller.has(Role.ADMIN)) {
      throw new DomainException.Forbidden(
          "role of %s is %s, expected admin".formatted(caller.user(), caller.role()));
    }
    try {
      Tokens.Signed token =
          tokens.issue(
              given("user", request.user()),
              Role.parse(given("role", request.role())),
              life(request.life()),
              request.note() == null ? "" : request.note(),
              caller.user());
      return new Issued(token.claims().id(), token.text(), token.claims().expiresAt());
    } catch (IllegalArgumentException e) {
      throw new DomainException.Invalid(String.valueOf(e.getMessage()));
    }
  }

  /** Revokes a token, and the logins made with it; one of another user is as absent as none. */
  public void revoke(String id, Caller caller) {
    IssuedToken token =
        store
            .find(id)
            .filter(found -> caller.mayActFor(found.user()))
            .orElseThrow(() -> new DomainException.NotFound("there is no token " + id));
    store.revoke(token, caller.user());
    ended.run();
  }

  private static String given(String member, @Nullable String value) {
    if (value == null) {
      throw new IllegalArgumentException(member + " is missing");
    }
    return value;
  }

  private static Duration life(@Nullable String text) {
    String life = text == null ? USUAL_LIFE : text;
    try {
      return ValueType.DURATION_ABOVE_ZERO.read().apply(life);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "life is '%s', expected %s".formatted(life, ValueType.DURATION_ABOVE_ZERO.expected()), e);
    }
  }
}
