package dev.troth.server.auth;

import dev.troth.server.config.OpenIdSettings;
import java.util.Optional;

/**
 * What the role of somebody who signed in rests on. When it gives the role no longer, the sign-in
 * ends.
 *
 * @param client for whom the provider said it
 * @param userClaim the claim that was the user's name
 * @param roleClaim the claim that was read for the role
 * @param roleValue its value that gave the role; empty if none did and the usual role was given
 */
public record SignInGrounds(
    ProviderUser who, String client, String userClaim, String roleClaim, String roleValue) {

  /** Whether they still give a role. */
  boolean give(OpenIdSettings settings, Role role) {
    return who.issuer().equals(settings.issuer())
        && client.equals(settings.client())
        && userClaim.equals(settings.user())
        && given(settings).map(Role::parse).filter(now -> now.includes(role)).isPresent();
  }

  private Optional<String> given(OpenIdSettings settings) {
    if (roleValue.isEmpty()) {
      return settings.usual();
    }
    return roleClaim.equals(settings.role())
        ? Optional.ofNullable(settings.roles().get(roleValue))
        : Optional.empty();
  }
}
