package dev.troth.server.identity;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.IssuedToken;
import dev.troth.server.auth.Role;
import dev.troth.server.auth.TokenStore;
import dev.troth.server.auth.Tokens;
import dev.troth.server.config.ValueType;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Json;
import dev.troth.server.http.Problem;
import dev.troth.server.http.Routes;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/tokens}: admins issue tokens and see all; everybody sees and revokes their own. The
 * text of a token is in the answer to its creation and nowhere else.
 */
public final class TokenRoutes implements Routes {
  private final Tokens tokens;
  private final TokenStore store;
  private final Clock clock;

  public TokenRoutes(Tokens tokens, TokenStore store, Clock clock) {
    this.tokens = tokens;
    this.store = store;
    this.clock = clock;
  }

  /**
   * What is wished for.
   *
   * @param life how long it shall hold, such as {@code 30d}
   */
  record TokenRequest(
      @Nullable String user, @Nullable String role, @Nullable String life, @Nullable String note) {}

  /** An issued token as JSON. */
  record Shown(
      String id,
      String user,
      String role,
      String note,
      String createdBy,
      String createdAt,
      String expiresAt,
      @Nullable String revokedAt,
      boolean expired) {
    static Shown of(IssuedToken token, Instant now) {
      return new Shown(
          token.id(),
          token.user(),
          token.role().toString(),
          token.note(),
          token.createdBy(),
          token.createdAt().toString(),
          token.expiresAt().toString(),
          token.revokedAt().map(String::valueOf).orElse(null),
          !now.isBefore(token.expiresAt()));
    }
  }

  @Override
  public void addTo(HttpRules rules) {
    rules
        .get("/api/tokens", this::list)
        .post("/api/tokens", this::create)
        .delete("/api/tokens/{id}", this::revoke);
  }

  private void list(ServerRequest request, ServerResponse response) {
    Json.send(response, visibleTo(Callers.of(request)));
  }

  /** The document of {@code /api/tokens}: an admin sees all tokens, everybody else their own. */
  public Map<String, Object> visibleTo(Caller caller) {
    Optional<String> user = caller.has(Role.ADMIN) ? Optional.empty() : Optional.of(caller.user());
    Instant now = clock.instant();
    List<Shown> shown = store.list(user).stream().map(token -> Shown.of(token, now)).toList();
    return Map.of("tokens", shown);
  }

  private void create(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.require(request, Role.ADMIN);
    TokenRequest wish = Json.read(request, TokenRequest.class);
    try {
      Tokens.Signed token =
          tokens.issue(
              given("user", wish.user()),
              Role.parse(given("role", wish.role())),
              life(wish.life()),
              wish.note() == null ? "" : wish.note(),
              caller.user());
      Json.send(
          response,
          201,
          Map.of(
              "id",
              token.claims().id(),
              "token",
              token.text(),
              "expiresAt",
              token.claims().expiresAt().toString()));
    } catch (IllegalArgumentException e) {
      throw Problem.unprocessable(String.valueOf(e.getMessage())).toException();
    }
  }

  private void revoke(ServerRequest request, ServerResponse response) {
    Caller caller = Callers.of(request);
    String id = request.path().pathParameters().get("id");
    IssuedToken token =
        store
            .find(id)
            .filter(found -> caller.mayActFor(found.user()))
            .orElseThrow(() -> Problem.notFound("there is no token " + id).toException());
    store.revoke(token, caller.user());
    response.status(204).send();
  }

  private static String given(String member, @Nullable String value) {
    if (value == null) {
      throw new IllegalArgumentException(member + " is missing");
    }
    return value;
  }

  private static Duration life(@Nullable String text) {
    String life = text == null ? "30d" : text;
    try {
      return ValueType.DURATION_ABOVE_ZERO.read().apply(life);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "life is '%s', expected %s".formatted(life, ValueType.DURATION_ABOVE_ZERO.expected()), e);
    }
  }
}
