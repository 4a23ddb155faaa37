package dev.troth.server.openid;

import dev.troth.gate.Claims;
import dev.troth.gate.Gate;
import dev.troth.gate.Policy;
import dev.troth.gate.Verdict;
import dev.troth.gate.keys.JwksFetcher;
import dev.troth.gate.keys.KeyException;
import dev.troth.gate.keys.RemoteKeys;
import dev.troth.server.config.OpenIdSettings;
import dev.troth.server.http.Json;
import dev.troth.server.http.Problem;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The provider, as far as a sign-in needs it: its endpoints (OpenID Connect Discovery 1.0), the
 * exchange of a code for an ID token, and gate with the provider's keys, which judges that token.
 * Nothing is asked before somebody signs in, so the platform starts without its provider.
 */
final class Provider {
  private static final Logger LOG = System.getLogger("troth.openid");
  private static final int LONGEST_ANSWER = 512 * 1024;
  private static final int LONGEST_TOKEN = 16 * 1024;
  private static final Duration LEEWAY = Duration.ofMinutes(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration FRESH = Duration.ofMinutes(10);

  /** So that sign-ins that hang at the provider hold only these. */
  private static final int AT_ONCE = 32;

  private final OpenIdSettings settings;
  private final InstantSource clock;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final Semaphore room = new Semaphore(AT_ONCE);
  private @Nullable Metadata metadata;
  private final Object making = new Object();
  private @Nullable Gate gate;

  /**
   * What the provider says of itself.
   *
   * @param userinfo where claims are that the ID token lacks; empty if nowhere
   * @param postsSecret whether the client's secret goes into the body
   * @param namesIssuer whether its answers say who gives them (RFC 9207)
   */
  record Metadata(
      URI authorization,
      URI token,
      Optional<URI> userinfo,
      boolean postsSecret,
      boolean namesIssuer,
      Instant since) {}

  /** What a code was exchanged for. */
  record Exchanged(Claims claims, JsonNode json, Optional<String> accessToken) {}

  Provider(OpenIdSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /** Fetched anew when it is old; while the provider does not answer, the old one holds. */
  Metadata metadata() {
    Metadata known = known();
    Instant now = clock.instant();
    if (known != null && now.isBefore(known.since().plus(FRESH))) {
      return known;
    }
    try {
      Metadata fresh = read(now);
      keep(fresh);
      return fresh;
    } catch (RuntimeException e) {
      if (known != null) {
        LOG.log(Level.WARNING, "the provider's former endpoints are used: {0}", e.getMessage());
        return known;
      }
      throw e;
    }
  }

  private synchronized @Nullable Metadata known() {
    return metadata;
  }

  private synchronized void keep(Metadata fresh) {
    metadata = fresh;
  }

  private Metadata read(Instant now) {
    URI address =
        URI.create(settings.issuer().replaceFirst("/$", "") + "/.well-known/openid-configuration");
    JsonNode said = ask(HttpRequest.newBuilder(address), address);
    String issuer = said.path("issuer").asString("");
    if (!issuer.equals(settings.issuer())) {
      throw unusable(
          "%s says that its issuer is '%s', expected '%s'"
              .formatted(address, issuer, settings.issuer()));
    }
    JsonNode methods = said.path("token_endpoint_auth_methods_supported");
    return new Metadata(
        endpoint(said, "authorization_endpoint"),
        endpoint(said, "token_endpoint"),
        said.has("userinfo_endpoint")
            ? Optional.of(endpoint(said, "userinfo_endpoint"))
            : Optional.empty(),
        has(methods, "client_secret_post") && !has(methods, "client_secret_basic"),
        said.path("authorization_response_iss_parameter_supported").asBoolean(false),
        now);
  }

  private static boolean has(JsonNode list, String value) {
    return StreamSupport.stream(list.spliterator(), false)
        .anyMatch(one -> one.asString("").equals(value));
  }

  /** An endpoint; what travels to it is secret, so it is no less protected than the issuer. */
  private URI endpoint(JsonNode said, String name) {
    String text = said.path(name).asString("");
    try {
      URI uri = URI.create(text);
      boolean safe =
          "https".equals(uri.getScheme())
              || ("http".equals(uri.getScheme()) && settings.issuer().startsWith("http://"));
      if (safe && uri.getHost() != null && uri.getRawFragment() == null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw unusable(
        "%s of %s is '%s', expected an https address".formatted(name, settings.issuer(), text));
  }

  /** Where the browser is sent. */
  String authorization(Map<String, String> parameters) {
    String address = metadata().authorization().toString();
    return address + (address.contains("?") ? "&" : "?") + encoded(parameters);
  }

  /** Exchanges a code, and has gate judge the ID token that comes for it. */
  Exchanged exchange(String code, String verifier, String redirect) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "authorization_code");
    form.put("code", code);
    form.put("redirect_uri", redirect);
    form.put("code_verifier", verifier);
    Metadata at = metadata();
    HttpRequest.Builder request = HttpRequest.newBuilder(at.token());
    if (settings.secret().isEmpty() || at.postsSecret()) {
      form.put("client_id", settings.client());
      settings.secret().ifPresent(secret -> form.put("client_secret", secret));
    } else {
      // RFC 6749 §2.3.1: both are form-encoded first.
      String pair = encode(settings.client()) + ":" + encode(settings.secret().get());
      request.header(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }
    request
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(encoded(form)));
    JsonNode answer = ask(request, at.token());
    String idToken = answer.path("id_token").asString("");
    if (idToken.isEmpty()) {
      throw unusable("%s gives no id_token".formatted(at.token()));
    }
    Claims claims =
        switch (gate().check(idToken)) {
          case Verdict.Valid(Claims valid) -> valid;
          case Verdict.Refused(var reason) ->
              throw unusable("the ID token is refused: " + reason.code());
        };
    return new Exchanged(
        claims,
        Json.mapper().readTree(claims.json()),
        Optional.of(answer.path("access_token").asString("")).filter(token -> !token.isEmpty()));
  }

  /** Claims that the ID token lacks; empty where the provider has no such endpoint. */
  Optional<JsonNode> userinfo(String accessToken) {
    return metadata()
        .userinfo()
        .map(address ->
            ask(
                HttpRequest.newBuilder(address).header("Authorization", "Bearer " + accessToken),
                address));
  }

  /** Made at the first sign-in; its keys are then fetched in the background. */
  private Gate gate() {
    synchronized (making) {
      Gate made = gate == null ? make() : gate;
      gate = made;
      return made;
    }
  }

  private Gate make() {
    JwksFetcher fetcher = new JwksFetcher(TIMEOUT);
    try {
      RemoteKeys keys =
          new RemoteKeys(
              () -> fetcher.fetch(fetcher.discover(settings.issuer())),
              RemoteKeys.Times.DEFAULT,
              clock,
              work -> Thread.ofVirtual().name("openid-keys").start(work),
              words -> LOG.log(Level.WARNING, "keys of {0}: {1}", settings.issuer(), words));
      return new Gate(
          keys,
          Policy.DEFAULT
              .withIssuers(settings.issuer())
              .withAudiences(settings.client())
              .withRequired("exp", "iat", "sub")
              .withLeeway(LEEWAY)
              .withMaxTokenBytes(LONGEST_TOKEN),
          Gate.javaEngine(),
          clock);
    } catch (KeyException e) {
      throw unusable(String.valueOf(e.getMessage()));
    }
  }

  private JsonNode ask(HttpRequest.Builder request, URI address) {
    if (!room.tryAcquire()) {
      throw Problem.of(503, "too many people sign in at the moment")
          .after(Duration.ofSeconds(5))
          .toException();
    }
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(
            request.header("Accept", "application/json").build(),
            BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST_ANSWER));
    try {
      HttpResponse<byte[]> response = answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw unusable(
            "%s answers %d%s, expected 200"
                .formatted(address, response.statusCode(), error(response.body())));
      }
      JsonNode json = Json.mapper().readTree(response.body());
      if (!json.isObject()) {
        throw unusable("%s answers no JSON object".formatted(address));
      }
      return json;
    } catch (JacksonException e) {
      throw unusable("%s answers no JSON".formatted(address));
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw unusable(
          "%s cannot be reached: %s"
              .formatted(
                  address,
                  cause instanceof IOException && cause.getMessage() != null
                      ? cause.getMessage()
                      : String.valueOf(cause)));
    } catch (TimeoutException e) {
      throw unusable("%s did not answer within %d s".formatted(address, TIMEOUT.toSeconds()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unusable("%s was not waited for: the platform stops".formatted(address));
    } finally {
      answer.cancel(true);
      room.release();
    }
  }

  /** The provider's word for what is wrong (RFC 6749 §5.2); never what was sent to it. */
  private static String error(byte[] body) {
    try {
      JsonNode json = Json.mapper().readTree(body);
      String error = json.path("error").asString("");
      return error.matches("[ -~]{1,100}") ? " (" + error + ")" : "";
    } catch (JacksonException e) {
      return "";
    }
  }

  private static RuntimeException unusable(String why) {
    LOG.log(Level.WARNING, "nobody can sign in: {0}", why);
    return Problem.of(502, why).toException();
  }

  private static String encoded(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(one -> encode(one.getKey()) + "=" + encode(one.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
