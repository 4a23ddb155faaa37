package dev.troth.server.openid;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.config.OpenIdSettings;
import dev.troth.server.http.Cookies;
import dev.troth.server.http.PathPrefix;
import dev.troth.server.http.Problem;
import dev.troth.server.identity.Logins;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * A sign-in from its first step to a login: authorization code, PKCE with S256, {@code state} and
 * {@code nonce}. All that has to be remembered meanwhile is one secret in the browser's cookie, of
 * which the three are derived: any replica may finish what another has begun.
 */
public final class SignIn {
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final int LONGEST_BACK = 1_000;
  private static final String AGAIN =
      "this browser has not begun this sign-in, or more than 10 minutes ago: sign in again";

  private final OpenIdSettings settings;
  private final Provider provider;
  private final Logins logins;
  private final Supplier<URI> front;
  private final PathPrefix base;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param front where users reach the platform, its base path included
   * @param base the path of the cookie
   */
  public SignIn(
      OpenIdSettings settings,
      Logins logins,
      Supplier<URI> front,
      PathPrefix base,
      InstantSource clock) {
    this.settings = settings;
    this.provider = new Provider(settings, clock);
    this.logins = logins;
    this.front = front;
    this.base = base;
  }

  /** What sends the browser to the provider. */
  public record Begun(String address, String cookie) {}

  /**
   * What the browser brought back.
   *
   * @param cookie what it was given at the beginning
   */
  public record Returned(
      Optional<String> code,
      Optional<String> state,
      Optional<String> issuer,
      Optional<String> error,
      Optional<String> description,
      Optional<String> cookie) {}

  /** A login, the header that ends the sign-in's cookie, and where to go on. */
  public record Finished(Logins.Opened login, String cookie, String back) {}

  /** What the button says. */
  public String name() {
    return URI.create(settings.issuer()).getHost();
  }

  /** The scheme, host and port at which a sign-in begins and ends: cookies are bound to it. */
  public String authority() {
    return front.get().getRawAuthority();
  }

  /** The page at that place where a sign-in begins. */
  public String beginning(String back) {
    return front.get()
        + "/login/openid?here=1&back="
        + URLEncoder.encode(back, StandardCharsets.UTF_8);
  }

  /** The name of the cookie that a sign-in needs. */
  public String cookieName() {
    return logins.cookie().besides("signin");
  }

  /** Begins; a browser with several tabs goes on with what it began in another. */
  public Begun begin(String back, Optional<String> cookie) {
    String secret = cookie.flatMap(SignIn::secret).orElseGet(this::fresh);
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("response_type", "code");
    parameters.put("client_id", settings.client());
    parameters.put("redirect_uri", redirect());
    parameters.put("scope", String.join(" ", settings.scopes()));
    parameters.put("state", derived("state", secret));
    parameters.put("nonce", derived("nonce", secret));
    parameters.put("code_challenge", digest(verifier(secret)));
    parameters.put("code_challenge_method", "S256");
    String value = secret + "." + encode(back.length() > LONGEST_BACK ? "/" : back);
    return new Begun(provider.authorization(parameters), header(value, LONGEST));
  }

  /** Ends with a login, or with a problem that says why there is none. */
  public Finished finish(Returned returned, Optional<String> former) {
    String secret =
        returned
            .cookie()
            .flatMap(SignIn::secret)
            .orElseThrow(() -> Problem.badRequest(AGAIN).toException());
    String state = returned.state().orElse("");
    if (!MessageDigest.isEqual(utf8(state), utf8(derived("state", secret)))) {
      throw Problem.badRequest(AGAIN).toException();
    }
    boolean foreign =
        returned.issuer().isPresent()
            ? !returned.issuer().get().equals(settings.issuer())
            : provider.metadata().namesIssuer();
    if (foreign) {
      throw Problem.badRequest(
              "the answer is of the issuer '%s', expected '%s'"
                  .formatted(returned.issuer().orElse(""), settings.issuer()))
          .toException();
    }
    if (returned.error().isPresent()) {
      throw Problem.of(
              401,
              "%s does not sign you in: %s%s"
                  .formatted(
                      name(),
                      returned.error().get(),
                      returned.description().map(words -> " (" + words + ")").orElse("")))
          .toException();
    }
    String code =
        returned
            .code()
            .orElseThrow(() ->
                Problem.badRequest("code is missing, expected the provider's answer")
                    .toException());
    Provider.Exchanged exchanged = provider.exchange(code, verifier(secret), redirect());
    requireOurs(exchanged, secret);
    Caller caller = caller(exchanged);
    Logins.Opened login =
        logins.openFor(
            caller,
            new Logins.Elsewhere("sign-in at " + settings.issuer(), settings.known()),
            former,
            isHttps());
    return new Finished(login, header("", Duration.ZERO), back(returned.cookie().orElse("")));
  }

  /** OpenID Connect Core 1.0 §3.1.3.7, beyond what gate has judged. */
  private void requireOurs(Provider.Exchanged exchanged, String secret) {
    String nonce = exchanged.claims().text("nonce").orElse("");
    if (!MessageDigest.isEqual(utf8(nonce), utf8(derived("nonce", secret)))) {
      throw Problem.of(502, "the ID token is for another sign-in: its nonce is not ours")
          .toException();
    }
    Optional<String> party = exchanged.claims().text("azp");
    boolean several = exchanged.claims().texts("aud").size() > 1;
    if (several && party.isEmpty() || party.isPresent() && !party.get().equals(settings.client())) {
      throw Problem.of(
              502,
              "the ID token was made for '%s', expected '%s'"
                  .formatted(party.orElse("several"), settings.client()))
          .toException();
    }
  }

  private Caller caller(Provider.Exchanged exchanged) {
    Person person = new Person(settings, exchanged.json());
    if (person.isIncomplete() && exchanged.accessToken().isPresent()) {
      Optional<JsonNode> more = provider.userinfo(exchanged.accessToken().get());
      if (more.isPresent()) {
        String subject = exchanged.claims().subject().orElse("");
        // §5.3.2: an answer of another subject is an attack by token substitution.
        if (!more.get().path("sub").asString("").equals(subject)) {
          throw Problem.of(502, "the provider's userinfo is of another user").toException();
        }
        person = person.with(more.get());
      }
    }
    String user = person.name();
    Role role = person.role(user);
    try {
      return new Caller(user, role, false);
    } catch (IllegalArgumentException e) {
      throw Problem.of(502, settings.user() + ": " + e.getMessage()).toException();
    }
  }

  private String redirect() {
    return front.get() + "/login/openid/callback";
  }

  /** Whether browsers reach the platform over TLS. */
  private boolean isHttps() {
    return "https".equals(front.get().getScheme());
  }

  private String header(String value, Duration age) {
    return Cookies.header(cookieName(), value, age, isHttps(), base);
  }

  private String fresh() {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return encode(bytes);
  }

  /** RFC 7636 §4.1: 43 characters of the alphabet that is allowed. */
  private static String verifier(String secret) {
    return derived("verifier", secret);
  }

  private static String derived(String what, String secret) {
    return digest(what + " " + secret);
  }

  private static String digest(String text) {
    try {
      return encode(MessageDigest.getInstance("SHA-256").digest(utf8(text)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static Optional<String> secret(String cookie) {
    String secret = cookie.split("\\.", 2)[0];
    return secret.matches("[A-Za-z0-9_-]{43}") ? Optional.of(secret) : Optional.empty();
  }

  /** Where the user wanted to go; whoever shows the page checks it once more. */
  private static String back(String cookie) {
    String[] parts = cookie.split("\\.", 2);
    try {
      return parts.length < 2
          ? "/"
          : new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "/";
    }
  }

  private static String encode(String text) {
    return encode(utf8(text));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
