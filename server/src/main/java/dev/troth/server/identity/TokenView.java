package dev.troth.server.identity;

import dev.troth.server.auth.IssuedToken;
import dev.troth.server.auth.Role;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An issued token as clients and pages see it; its text is in the answer to its creation alone.
 *
 * @param revokedAt null while it is valid
 */
public record TokenView(
    String id,
    String user,
    Role role,
    String note,
    String createdBy,
    Instant createdAt,
    Instant expiresAt,
    @Nullable Instant revokedAt,
    boolean expired) {

  static TokenView of(IssuedToken token, Instant now) {
    return new TokenView(
        token.id(),
        token.user(),
        token.role(),
        token.note(),
        token.createdBy(),
        token.createdAt(),
        token.expiresAt(),
        token.revokedAt().orElse(null),
        !now.isBefore(token.expiresAt()));
  }
}
