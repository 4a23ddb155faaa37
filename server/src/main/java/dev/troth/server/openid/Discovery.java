package dev.troth.server.openid;

import static dev.troth.server.openid.ProviderRequests.unusable;

import dev.troth.server.http.Problem;
import dev.troth.server.http.ProblemException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a provider says of itself (OpenID Connect Discovery 1.0). It is asked by one at a time and
 * not again soon after it failed, however many come to sign in. Safe for use by many threads.
 */
final class Discovery {
  private static final Logger LOG = System.getLogger("troth.openid");
  private static final Duration FRESH = Duration.ofMinutes(10);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

  /** How many wait for a provider that hangs. */
  private static final int WAITING = 32;

  private final String issuer;
  private final ProviderRequests requests;
  private final InstantSource clock;
  private final ReentrantLock asking = new ReentrantLock();
  private final Semaphore room = new Semaphore(WAITING);
  private volatile Known known = new Known(Optional.empty(), Optional.empty(), Instant.MIN);

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
      boolean namesIssuer) {}

  /**
   * What is known.
   *
   * @param metadata the last that could be read
   * @param trouble why nothing could be read after that
   * @param until when nobody needs to ask again
   */
  private record Known(
      Optional<Metadata> metadata, Optional<ProblemException> trouble, Instant until) {
    /** What serves without asking; while the provider does not answer, the former endpoints do. */
    Metadata given() {
      return metadata.orElseThrow(() -> trouble.orElseThrow());
    }
  }

  Discovery(String issuer, ProviderRequests requests, InstantSource clock) {
    this.issuer = issuer;
    this.requests = requests;
    this.clock = clock;
  }

  /** Asked for anew when it is old. */
  Metadata metadata() {
    Known now = known;
    if (clock.instant().isBefore(now.until())) {
      return now.given();
    }
    if (!asking.tryLock()) {
      return now.metadata().isPresent() ? now.given() : waited();
    }
    try {
      return look();
    } finally {
      asking.unlock();
    }
  }

  private Metadata waited() {
    if (!room.tryAcquire()) {
      throw Problem.of(503, "too many people sign in at the moment")
          .after(AFTER_FAILURE)
          .toException();
    }
    asking.lock();
    try {
      return look();
    } finally {
      asking.unlock();
      room.release();
    }
  }

  /** Asks, unless somebody else has just done so. */
  private Metadata look() {
    Known before = known;
    if (!clock.instant().isBefore(before.until())) {
      known = asked(before);
    }
    return known.given();
  }

  private Known asked(Known before) {
    try {
      Metadata fresh = read();
      return new Known(Optional.of(fresh), Optional.empty(), clock.instant().plus(FRESH));
    } catch (ProblemException e) {
      if (before.metadata().isPresent()) {
        LOG.log(Level.WARNING, "the former endpoints of {0} are used", issuer);
      }
      return new Known(before.metadata(), Optional.of(e), clock.instant().plus(AFTER_FAILURE));
    }
  }

  private Metadata read() {
    URI address = URI.create(issuer.replaceFirst("/$", "") + "/.well-known/openid-configuration");
    JsonNode said = requests.ask(HttpRequest.newBuilder(address), address);
    String named = said.path("issuer").asString("");
    if (!named.equals(issuer)) {
      throw unusable(
          "%s says that its issuer is '%s', expected '%s'".formatted(address, named, issuer));
    }
    JsonNode methods = said.path("token_endpoint_auth_methods_supported");
    return new Metadata(
        endpoint(said, "authorization_endpoint"),
        endpoint(said, "token_endpoint"),
        said.has("userinfo_endpoint")
            ? Optional.of(endpoint(said, "userinfo_endpoint"))
            : Optional.empty(),
        has(methods, "client_secret_post") && !has(methods, "client_secret_basic"),
        said.path("authorization_response_iss_parameter_supported").asBoolean(false));
  }

  private static boolean has(JsonNode list, String value) {
    return StreamSupport.stream(list.spliterator(), false)
        .anyMatch(one -> one.asString("").equals(value));
  }

  /** An endpoint; what travels to it is secret, so it is no less protected than the issuer. */
  private URI endpoint(JsonNode said, String name) {
    String text = said.path(name).asString("");
    @Nullable URI uri = parsed(text);
    boolean safe =
        uri != null
            && ("https".equals(uri.getScheme())
                || ("http".equals(uri.getScheme()) && issuer.startsWith("http://")));
    if (uri == null || !safe || uri.getHost() == null || uri.getRawFragment() != null) {
      throw unusable("%s of %s is '%s', expected an https address".formatted(name, issuer, text));
    }
    return uri;
  }

  private static @Nullable URI parsed(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
