package dev.troth.server.auth;

import java.util.Optional;

/**
 * What a request brings to say who sends it.
 *
 * @param bearer the token of its {@code Authorization} header
 * @param session the value of its session cookie
 */
public record Credentials(Optional<String> bearer, Optional<String> session) {
  /** Without the secrets themselves. */
  @Override
  public String toString() {
    return "Credentials[bearer=" + bearer.isPresent() + ", session=" + session.isPresent() + "]";
  }
}
