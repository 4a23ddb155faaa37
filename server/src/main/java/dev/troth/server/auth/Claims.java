package dev.troth.server.auth;

import java.time.Instant;
import java.util.Optional;

/**
 * What a token says (RFC 7519 §4.1, and {@code role}).
 *
 * @param issuer {@code iss}
 * @param caller {@code sub} and {@code role}
 * @param issuedAt {@code iat}, whole seconds
 * @param expiresAt {@code exp}, whole seconds
 * @param id {@code jti}, by which it is revoked
 * @param parent for a login's token: the id of the token with which the user logged in
 */
public record Claims(
    String issuer,
    Caller caller,
    Instant issuedAt,
    Instant expiresAt,
    String id,
    Optional<String> parent) {

  public Claims {
    if (!expiresAt.isAfter(issuedAt)) {
      throw new IllegalArgumentException(
          "exp is %s, expected after iat, which is %s".formatted(expiresAt, issuedAt));
    }
    if (id.isBlank()) {
      throw new IllegalArgumentException("jti is empty, expected an id");
    }
  }

  /** Whether it belongs to a login, and so may come in a cookie but not in a header. */
  public boolean ofSession() {
    return parent.isPresent();
  }
}
