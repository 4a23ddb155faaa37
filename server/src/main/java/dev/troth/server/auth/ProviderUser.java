package dev.troth.server.auth;

/**
 * Somebody at a provider, by what never changes of them (OpenID Connect Core 1.0 §5.7); their name
 * may.
 *
 * @param issuer the provider
 * @param subject {@code sub}
 */
public record ProviderUser(String issuer, String subject) {
  public ProviderUser {
    if (subject.isEmpty()
        || subject.length() > 255
        || subject.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "sub has %d characters, expected 1 to 255 without controls".formatted(subject.length()));
    }
  }
}
