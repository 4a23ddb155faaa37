package dev.troth.server.openid;

import static dev.troth.server.openid.ProviderRequests.unusable;

import dev.troth.gate.Claims;
import dev.troth.gate.Gate;
import dev.troth.gate.Policy;
import dev.troth.gate.Verdict;
import dev.troth.gate.keys.JwksFetcher;
import dev.troth.gate.keys.KeyException;
import dev.troth.gate.keys.RemoteKeys;
import dev.troth.server.config.OpenIdSettings;
import dev.troth.server.http.Json;
import dev.troth.server.openid.Discovery.Metadata;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The provider, as far as a sign-in needs it: its endpoints, the exchange of a code for an ID
 * token, and gate with the provider's keys, which judges that token. Nothing is asked before
 * somebody signs in, so the platform starts without its provider.
 */
final class Provider {
  private static final Logger LOG = System.getLogger("troth.openid");
  private static final int LONGEST_TOKEN = 16 * 1024;
  private static final Duration LEEWAY = Duration.ofMinutes(1);

  private final OpenIdSettings settings;
  private final InstantSource clock;
  private final ProviderRequests requests = new ProviderRequests();
  private final Discovery discovery;
  private final Object making = new Object();
  private @Nullable Gate gate;

  /** What a code was exchanged for. */
  record Exchanged(Claims claims, JsonNode json, Optional<String> accessToken) {}

  Provider(OpenIdSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    this.discovery = new Discovery(settings.issuer(), requests, clock);
  }

  Metadata metadata() {
    return discovery.metadata();
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
    JsonNode answer = requests.ask(request, at.token());
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
            requests.ask(
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
    JwksFetcher fetcher = new JwksFetcher(ProviderRequests.TIMEOUT);
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

  private static String encoded(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(one -> encode(one.getKey()) + "=" + encode(one.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
