package dev.troth.server.auth;

import java.time.Instant;
import java.util.Optional;

/**
 * A token that this platform has signed, as its list shows it; the text itself is not kept.
 *
 * @param note why it exists, in its creator's words
 */
public record IssuedToken(
    String id,
    String user,
    Role role,
    String note,
    String createdBy,
    Instant createdAt,
    Instant expiresAt,
    Optional<Instant> revokedAt) {

  public IssuedToken {
    if (note.length() > 200) {
      throw new IllegalArgumentException(
          "note has %d characters, expected at most 200".formatted(note.length()));
    }
  }
}
