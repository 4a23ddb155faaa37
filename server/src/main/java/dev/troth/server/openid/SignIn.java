package dev.troth.server.openid;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.ProviderUser;
import dev.troth.server.auth.Role;
import dev.troth.server.auth.SignInGrounds;
import dev.troth.server.config.OpenIdSettings;
import dev.troth.server.http.Cookies;
import dev.troth.server.http.PathPrefix;
import dev.troth.server.http.Problem;
import dev.troth.server.http.ProblemException;
import dev.troth.server.identity.Logins;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * A sign-in from its first step to a login: authorization code, PKCE with S256, {@code state} and
 * {@code nonce}. All that has to be remembered meanwhile is one secret in a cookie of the browser,
 * made anew for each sign-in, of which the three are derived: any replica may finish what another
 * has begun, and several tabs may sign in at once.
 */
public final class SignIn {
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final int LONGEST_BACK = 1_000;

  /** Sign-ins that one browser may have begun; what they carry has to fit into its headers. */
  private static final int MOST_BEGUN = 4;

  private static final String AGAIN =
      "this browser has not begun this sign-in, or more than 10 minutes ago: sign in again";

  private final OpenIdSettings settings;
  private final Provider provider;
  private final SignInShares shares;
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
    this.shares = new SignInShares(clock);
    this.logins = logins;
    this.front = front;
    this.base = base;
  }

  /**
   * What sends the browser to the provider.
   *
   * @param cookies the headers that give it the cookie of this sign-in, and take the oldest
   */
  public record Begun(String address, List<String> cookies) {
    public Begun {
      cookies = List.copyOf(cookies);
    }
  }

  /**
   * What the browser brought back.
   *
   * @param cookie what it was given at the beginning
   * @param client the address from which it comes
   */
  public record Returned(
      Optional<String> code,
      Optional<String> state,
      Optional<String> issuer,
      Optional<String> error,
      Optional<String> description,
      Optional<String> cookie,
      String client) {}

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

  /** The name of the cookie that belongs to the sign-in of a state. */
  public String cookieName(String state) {
    return cookieNames() + state.substring(0, Math.min(8, state.length()));
  }

  /**
   * With what the names of all those cookies begin: over TLS with what keeps others from planting
   * one.
   */
  public String cookieNames() {
    String name = logins.cookie().besides("signin") + "_";
    return isHttps() ? Cookies.secured(name, base) : name;
  }

  /**
   * Begins one more.
   *
   * @param begun the names of the cookies of those that the browser has begun, the oldest first
   */
  public Begun begin(String back, List<String> begun) {
    SignInSecret secret = SignInSecret.fresh(random);
    String state = secret.state();
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("response_type", "code");
    parameters.put("client_id", settings.client());
    parameters.put("redirect_uri", redirect());
    parameters.put("scope", String.join(" ", settings.scopes()));
    parameters.put("state", state);
    parameters.put("nonce", secret.nonce());
    parameters.put("code_challenge", secret.challenge());
    parameters.put("code_challenge_method", "S256");
    String value = secret.cookie(back.length() > LONGEST_BACK ? "/" : back);
    List<String> cookies = new ArrayList<>();
    cookies.add(header(cookieName(state), value, LONGEST));
    begun.stream()
        .limit(Math.max(0, begun.size() + 1 - MOST_BEGUN))
        .forEach(name -> cookies.add(header(name, "", Duration.ZERO)));
    return new Begun(provider.authorization(parameters), cookies);
  }

  /** Ends with a login, or with a problem that says why there is none. */
  public Finished finish(Returned returned, Optional<String> former) {
    SignInSecret secret =
        returned
            .cookie()
            .flatMap(SignInSecret::of)
            .orElseThrow(() -> Problem.badRequest(AGAIN).toException());
    String state = returned.state().orElse("");
    if (!secret.isOfState(state)) {
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
    try (SignInShares.Place _ = shares.enter(returned.client(), state)) {
      Provider.Exchanged exchanged = provider.exchange(code, secret.verifier(), redirect());
      requireOurs(exchanged, secret);
      Logins.Opened login = open(exchanged, former);
      return new Finished(
          login,
          header(cookieName(state), "", Duration.ZERO),
          SignInSecret.back(returned.cookie().orElse("")));
    }
  }

  /** OpenID Connect Core 1.0 §3.1.3.7, beyond what gate has judged. */
  private void requireOurs(Provider.Exchanged exchanged, SignInSecret secret) {
    String nonce = exchanged.claims().text("nonce").orElse("");
    if (!secret.isOfNonce(nonce)) {
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

  /** Logs in whom the provider has named. Who is refused loses what an earlier sign-in gave. */
  private Logins.Opened open(Provider.Exchanged exchanged, Optional<String> former) {
    Person person = person(exchanged);
    ProviderUser who = who(exchanged);
    Optional<String> user = Optional.empty();
    try {
      user = Optional.of(person.name());
      Person.Given given = person.role(user.get());
      Caller caller = caller(user.get(), given.role());
      SignInGrounds grounds =
          new SignInGrounds(
              who, settings.client(), settings.user(), settings.role(), given.value());
      return logins.openFor(
          caller, new Logins.Elsewhere(grounds, settings.known()), former, isHttps());
    } catch (ProblemException refused) {
      logins.refuse(who, user);
      throw refused;
    }
  }

  private Caller caller(String user, Role role) {
    try {
      return new Caller(user, role, false);
    } catch (IllegalArgumentException e) {
      throw Problem.forbidden(settings.user() + ": " + e.getMessage()).toException();
    }
  }

  private ProviderUser who(Provider.Exchanged exchanged) {
    try {
      return new ProviderUser(settings.issuer(), exchanged.claims().subject().orElse(""));
    } catch (IllegalArgumentException e) {
      throw Problem.of(502, String.valueOf(e.getMessage())).toException();
    }
  }

  private Person person(Provider.Exchanged exchanged) {
    Person person = new Person(settings, exchanged.json());
    if (person.isIncomplete() && exchanged.accessToken().isPresent()) {
      Optional<JsonNode> more = provider.userinfo(exchanged.accessToken().get());
      if (more.isPresent()) {
        String subject = exchanged.claims().subject().orElse("");
        // §5.3.2: an answer of another subject is an attack by token substitution.
        if (!more.get().path("sub").asString("").equals(subject)) {
          throw Problem.of(502, "the provider's userinfo is of another user").toException();
        }
        return person.with(more.get());
      }
    }
    return person;
  }

  private String redirect() {
    return front.get() + "/login/openid/callback";
  }

  /** Whether browsers reach the platform over TLS. */
  private boolean isHttps() {
    return "https".equals(front.get().getScheme());
  }

  private String header(String name, String value, Duration age) {
    return Cookies.header(name, value, age, isHttps(), base);
  }
}
