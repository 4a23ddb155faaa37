package dev.troth.server.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How people sign in at a provider (OpenID Connect Core 1.0, authorization code with PKCE).
 *
 * @param issuer the provider's issuer, as its tokens name it
 * @param client by which the provider knows this platform
 * @param secret the client's; empty for a public client
 * @param scopes what is asked for, {@code openid} among them
 * @param user which claim is the user's name
 * @param role which claim names roles
 * @param roles which of its values stand for which role: reader, member or admin
 * @param usual the role of who has none of them; empty if they may not sign in
 * @param known how long after a sign-in the platform counts on its role
 */
public record OpenIdSettings(
    String issuer,
    String client,
    Optional<String> secret,
    List<String> scopes,
    String user,
    String role,
    Map<String, String> roles,
    Optional<String> usual,
    Duration known) {

  private static final List<String> ROLES = List.of("reader", "member", "admin");

  private static final ValueType<Optional<String>> ISSUER =
      new ValueType<>(
          "an https address such as https://id.example/realms/shop, without a query",
          text -> text.isBlank() ? Optional.empty() : Optional.of(issuer(text.strip())));

  static final Key<Optional<String>> ISSUER_KEY =
      Key.of(
          "auth.openid.issuer",
          ISSUER,
          "",
          "The OpenID Connect provider at which people sign in. Empty: they show tokens.");
  static final Key<Optional<String>> CLIENT_KEY =
      Key.of(
          "auth.openid.client",
          ValueType.OPTIONAL,
          "",
          "By which id the provider knows the platform.");
  static final Key<Optional<String>> SECRET_KEY =
      Key.secret(
          "auth.openid.secret",
          ValueType.OPTIONAL,
          "",
          "The client's secret. Empty: a public client.");
  static final Key<Optional<String>> SECRET_FILE_KEY =
      Key.of(
          "auth.openid.secret-file",
          ValueType.OPTIONAL,
          "",
          "A file whose first line is the client's secret.");
  static final Key<List<String>> SCOPES_KEY =
      Key.of(
          "auth.openid.scopes",
          ValueType.LIST,
          "openid,profile,email",
          "The scopes that are asked for.");
  static final Key<String> USER_KEY =
      Key.of(
          "auth.openid.user-claim",
          ValueType.TEXT,
          "email",
          "The claim that is the user's name. An email counts if email_verified is true. Choose one"
              + " that people cannot set themselves.");
  static final Key<String> ROLE_KEY =
      Key.of(
          "auth.openid.role-claim",
          ValueType.TEXT,
          "groups",
          "The claim that auth.openid.roles reads, such as groups or realm_access.roles.");
  static final Key<List<String>> ROLES_KEY =
      Key.of(
          "auth.openid.roles",
          ValueType.LIST,
          "",
          "Which values of the claim stand for which role, such as ops=admin or staff=member. The"
              + " strongest counts.");
  static final Key<String> USUAL_KEY =
      Key.of(
          "auth.openid.role",
          ValueType.oneOf(List.of("none", "reader", "member")),
          "none",
          "The role of who has none of them: none (they may not sign in), reader or member.");
  static final Key<Duration> KNOWN_KEY =
      Key.of(
          "auth.openid.known",
          ValueType.DURATION_ABOVE_ZERO,
          "30d",
          "How long after a sign-in its role counts for pages and watches; the login itself lasts"
              + " auth.session.longest.");

  /** In the order in which {@code config print} shows them. */
  static final List<Key<?>> ALL =
      List.of(
          ISSUER_KEY,
          CLIENT_KEY,
          SECRET_KEY,
          SECRET_FILE_KEY,
          SCOPES_KEY,
          USER_KEY,
          ROLE_KEY,
          ROLES_KEY,
          USUAL_KEY,
          KNOWN_KEY);

  public OpenIdSettings {
    scopes = List.copyOf(scopes);
    roles = Map.copyOf(roles);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "%s at %s, user %s, %s %s, else %s"
        .formatted(client, issuer, user, role, new TreeMap<>(roles), usual.orElse("none"));
  }

  /** The settings if there is a provider; whatever does not fit is added to the errors. */
  static Optional<OpenIdSettings> of(Settings settings, Config.AuthMode mode, List<String> errors) {
    Optional<String> issuer = settings.get(ISSUER_KEY);
    if (issuer.isEmpty()) {
      for (Key<?> key : ALL) {
        if (!settings.source(key).equals("default")) {
          errors.add(
              "%s: is given (%s), expected only beside %s"
                  .formatted(key.name(), settings.source(key), ISSUER_KEY.name()));
        }
      }
      return Optional.empty();
    }
    if (mode != Config.AuthMode.TOKEN) {
      errors.add(
          "%s: is given (%s), expected only with auth.mode token"
              .formatted(ISSUER_KEY.name(), settings.source(ISSUER_KEY)));
    }
    Optional<String> client = settings.get(CLIENT_KEY);
    if (client.isEmpty()) {
      errors.add(
          "%s: is missing, expected the id by which %s knows this platform"
              .formatted(CLIENT_KEY.name(), issuer.get()));
    }
    List<String> scopes = settings.get(SCOPES_KEY);
    if (!scopes.contains("openid")) {
      errors.add(
          "%s: is %s (%s), expected openid among them"
              .formatted(SCOPES_KEY.name(), scopes, settings.source(SCOPES_KEY)));
    }
    Optional<String> usual = Optional.of(settings.get(USUAL_KEY)).filter(r -> !r.equals("none"));
    Map<String, String> roles = roles(settings, errors);
    if (roles.isEmpty() && usual.isEmpty()) {
      errors.add(
          "%s: is empty and %s is none, so nobody could sign in; expected one of them"
              .formatted(ROLES_KEY.name(), USUAL_KEY.name()));
    }
    return Optional.of(
        new OpenIdSettings(
            issuer.get(),
            client.orElse(""),
            secret(settings, errors),
            scopes,
            settings.get(USER_KEY),
            settings.get(ROLE_KEY),
            roles,
            usual,
            settings.get(KNOWN_KEY)));
  }

  private static Map<String, String> roles(Settings settings, List<String> errors) {
    Map<String, String> roles = new LinkedHashMap<>();
    for (String text : settings.get(ROLES_KEY)) {
      // From the right: what a provider calls a group may have an equals sign, as in LDAP.
      int equals = text.lastIndexOf('=');
      String role = text.substring(equals + 1);
      if (equals < 1 || !ROLES.contains(role)) {
        errors.add(
            "%s: has '%s' (%s), expected value=reader, value=member or value=admin"
                .formatted(ROLES_KEY.name(), text, settings.source(ROLES_KEY)));
      } else if (roles.putIfAbsent(text.substring(0, equals), role) != null) {
        errors.add(
            "%s: has '%s' twice (%s), expected one role for it"
                .formatted(
                    ROLES_KEY.name(), text.substring(0, equals), settings.source(ROLES_KEY)));
      }
    }
    return roles;
  }

  private static Optional<String> secret(Settings settings, List<String> errors) {
    Optional<String> secret = settings.get(SECRET_KEY);
    Optional<String> file = settings.get(SECRET_FILE_KEY);
    if (file.isEmpty()) {
      return secret;
    }
    if (secret.isPresent()) {
      errors.add(
          "%s: is given (%s) beside %s, expected one of them"
              .formatted(
                  SECRET_FILE_KEY.name(), settings.source(SECRET_FILE_KEY), SECRET_KEY.name()));
      return Optional.empty();
    }
    try {
      Optional<String> line =
          Files.readAllLines(Path.of(file.get())).stream()
              .findFirst()
              .filter(text -> !text.isBlank());
      if (line.isPresent()) {
        return line;
      }
    } catch (IOException | IllegalArgumentException e) {
      // Said below.
    }
    errors.add(
        "%s: %s cannot be read or is empty (%s), expected a file whose first line is the secret"
            .formatted(SECRET_FILE_KEY.name(), file.get(), settings.source(SECRET_FILE_KEY)));
    return Optional.empty();
  }

  private static String issuer(String text) {
    URI uri = URI.create(text);
    boolean safe =
        "https".equals(uri.getScheme())
            || ("http".equals(uri.getScheme()) && isLoopback(uri.getHost()));
    if (!safe
        || uri.getHost() == null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException();
    }
    return text;
  }

  private static boolean isLoopback(String host) {
    try {
      return host != null
          && host.matches("localhost|127\\.[0-9.]+|\\[::1]")
          && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
