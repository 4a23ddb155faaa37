package dev.troth.server.guard;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Credentials;
import dev.troth.server.auth.Identification;
import dev.troth.server.auth.Identity;
import dev.troth.server.auth.Right;
import dev.troth.server.auth.Role;
import dev.troth.server.config.ListenAddress;
import dev.troth.server.http.BodyAllowance;
import dev.troth.server.http.Callers;
import dev.troth.server.http.Cookies;
import dev.troth.server.http.Problem;
import dev.troth.server.http.ProblemException;
import dev.troth.server.limit.Answers;
import dev.troth.server.limit.ByteBudget;
import dev.troth.server.limit.Places.Place;
import dev.troth.server.limit.Shares;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What every request passes before any route sees it, in this order: the name it calls us by, the
 * site whose page sends it, CORS, the type of its body, and who sends it.
 *
 * <p>Closed paths need a known caller, of at least {@link Role#READER} to read and {@link
 * Role#MEMBER} to write; routes ask for more where they need it. Other paths are open: the
 * console's files, health, and what has a proof of its own.
 */
public final class Guard implements Filter {
  private static final Set<Method> SAFE = Set.of(Method.GET, Method.HEAD, Method.OPTIONS);

  private static final Header NO_SNIFFING =
      HeaderValues.createCached("X-Content-Type-Options", "nosniff");
  private static final Header SAME_ORIGIN =
      HeaderValues.createCached("Cross-Origin-Resource-Policy", "same-origin");
  private static final HeaderName EVENT = HeaderNames.create("ce-specversion");

  /** What a form can send without asking first (Fetch standard, CORS-safelisted). */
  private static final Set<String> FORM_TYPES =
      Set.of("", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data");

  /** Where webhooks come in, which are as long as their events. */
  private static final String HOOKS = "/hooks/";

  private static final long HOOK_BYTES = 256 * 1024;

  /** Where the registry looks a schema up by its content, or compares it; nothing is written. */
  private static final Pattern QUESTIONS =
      Pattern.compile(
          "(/registry)?(/contexts/[^/]+)?"
              + "/(subjects/[^/]+|compatibility/subjects/[^/]+/versions(/[^/]+)?)/?");

  /** Paths of the API by which a caller becomes known. */
  private static final Set<String> LOGIN = Set.of("/api/session", "/api/me");

  /** The closed paths of the listener that serves API and console. */
  public static final Predicate<String> API =
      path ->
          (path.startsWith("/api/") && !LOGIN.contains(path))
              || path.equals("/metrics")
              || path.equals("/registry")
              || path.startsWith("/registry/");

  private final HostCheck hosts;
  private final OriginCheck origins;
  private final Proofs proofs;
  private final Opening opening;
  private final Shares shares;

  /** A guard of the listener at an address. */
  public Guard(ListenAddress address, Names names, Proofs proofs, Opening opening, Shares shares) {
    this.hosts = new HostCheck(address, names.hosts());
    this.origins = new OriginCheck(names.corsOrigins());
    this.proofs = proofs;
    this.opening = opening;
    this.shares = shares;
  }

  /**
   * Names from outside that are trusted.
   *
   * @param hosts by which clients may call, besides loopback's
   * @param corsOrigins whose pages may call the API
   */
  public record Names(List<String> hosts, List<String> corsOrigins) {}

  /**
   * How a request proves who sends it.
   *
   * @param cookie where browsers keep their logins
   */
  public record Proofs(Identification identification, Cookies.Session cookie) {}

  /**
   * What a listener takes from whom.
   *
   * @param closed the paths that need a known caller
   * @param bodyBytes the longest body of a known caller
   * @param strangersBodyBytes the longest body of somebody who has not said who they are
   */
  public record Opening(Predicate<String> closed, long bodyBytes, long strangersBodyBytes) {
    /** The longest body of somebody unknown at a path: webhooks prove themselves by their body. */
    long strangersAt(String path) {
      return path.startsWith(HOOKS)
          ? Math.min(bodyBytes, Math.max(strangersBodyBytes, HOOK_BYTES))
          : strangersBodyBytes;
    }
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    response.headers().set(NO_SNIFFING);
    response.headers().set(SAME_ORIGIN);
    String authority = checkHost(request);
    requireText(request.path().rawPath());
    requireText(request.query().rawValue());
    String path = request.path().path();
    boolean api = path.startsWith("/api/");
    Optional<String> origin = request.headers().first(HeaderNames.ORIGIN);
    boolean cors = api && origin.isPresent() && origins.isAllowed(origin.get());
    if (cors) {
      Cors.allow(response, origin.get());
    }
    Method method = request.prologue().method();
    if (method.equals(Method.OPTIONS) && Cors.isPreflight(request)) {
      if (!cors) {
        throw foreign(origin.orElse("missing"));
      }
      Cors.answerPreflight(response);
      return;
    }
    boolean writes = !SAFE.contains(method);
    if (writes && origin.isPresent() && !cors && !OriginCheck.isSame(origin.get(), authority)) {
      throw foreign(origin.get());
    }
    if (writes && api) {
      checkType(request);
    }
    String address = Clients.of(request, shares.addresses());
    request.context().register(new Callers.Address(address));
    Credentials credentials = credentials(request);
    Identity identity = proofs.identification().of(credentials);
    String client =
        identity instanceof Identity.Known(Caller known, var _, var _) && !known.development()
            ? known.user()
            : address;
    if (!client.equals(address)) {
      requirePlace(request, client);
    }
    // Who is refused counts as well: a stranger's guesses are requests of their address.
    if (!path.startsWith("/-/")) {
      requireShare(client);
    }
    boolean reads =
        !writes
            || (method.equals(Method.POST)
                && QUESTIONS.matcher(request.path().rawPath()).matches());
    Asked asked = new Asked(path, writes, reads, origin.isPresent() && !cors);
    Optional<Caller> caller = admit(request, asked, credentials, identity);
    long longest = caller.isPresent() ? opening.bodyBytes() : opening.strangersAt(path);
    try (ByteBudget.Lease lease = shares.bodies().lease(client)) {
      request.context().register(new BodyAllowance(longest, lease));
      Answers.within(lease, chain::proceed);
    }
  }

  /** Two bad names would become one in silence. */
  private static void requireText(String written) {
    if (written.indexOf('%') < 0) {
      return;
    }
    if (written.contains("%00")) {
      throw Problem.badRequest("the address has the character U+0000").toException();
    }
    if (!Escapes.areText(written)) {
      throw Problem.badRequest("the address has bytes that are not UTF-8").toException();
    }
  }

  private String checkHost(RoutingRequest request) {
    String authority =
        Optional.of(request)
            .filter(from -> shares.addresses().isProxy(Clients.peer(from)))
            .flatMap(from -> from.headers().first(HeaderNames.X_FORWARDED_HOST))
            .orElseGet(request::authority);
    if (!hosts.accepts(authority)) {
      throw Problem.forbidden(
              "Host is %s, expected a loopback name or one of http.hosts".formatted(authority))
          .toException();
    }
    return authority;
  }

  private static ProblemException foreign(String origin) {
    return Problem.forbidden(
            "Origin is %s, expected this host or one of api.cors.origins".formatted(origin))
        .toException();
  }

  /** A type that a form cannot send makes a browser ask first, which {@link Cors} answers. */
  private static void checkType(RoutingRequest request) {
    if (!request.content().hasEntity() || request.headers().contains(EVENT)) {
      return;
    }
    String given = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
    String type = given.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (FORM_TYPES.contains(type)) {
      throw Problem.of(
              415,
              "Content-Type is %s, expected application/json"
                  .formatted(given.isEmpty() ? "missing" : given))
          .toException();
    }
  }

  private static void requirePlace(RoutingRequest request, String user) {
    boolean has = request.context().get(Place.class).map(place -> place.isOf(user)).orElse(true);
    if (!has) {
      throw Problem.of(429, "you have too many requests open, expected that some end first")
          .after(Duration.ofSeconds(1))
          .toException();
    }
  }

  private void requireShare(String client) {
    Optional<Duration> wait = shares.rates().take(client, shares.rate());
    if (wait.isPresent()) {
      throw Problem.of(
              429,
              "you ask more often than %.0f times a second".formatted(shares.rate().perSecond()))
          .after(wait.get())
          .toException();
    }
  }

  /**
   * What a request asks for.
   *
   * @param writes whether the method is one that may write
   * @param reads whether nothing is written, whatever the method
   * @param originIsOurs whether a page of this host or of an allowed one sends it
   */
  private record Asked(String path, boolean writes, boolean reads, boolean originIsOurs) {}

  /** The caller, if one is known; ends the request when the path needs more. */
  private Optional<Caller> admit(
      RoutingRequest request, Asked asked, Credentials credentials, Identity identity) {
    boolean closes = opening.closed().test(asked.path());
    boolean writes = asked.writes();
    switch (identity) {
      case Identity.Known(Caller caller, boolean byCookie, Optional<Instant> until) -> {
        if (byCookie && writes && !asked.originIsOurs()) {
          // Every browser names the origin of a write; who does not has no business with a cookie.
          throw Problem.forbidden("Origin is missing, expected with a session cookie")
              .toException();
        }
        request.context().register(caller);
        request.context().register(new Right(caller, until, () -> isStill(caller, credentials)));
        if (closes) {
          Callers.require(request, asked.reads() ? Role.READER : Role.MEMBER);
        }
        return Optional.of(caller);
      }
      case Identity.Anonymous _ -> {
        if (closes) {
          throw Problem.of(401, "log in or send a token").toException();
        }
      }
      case Identity.Refused(String reason) -> {
        if (closes) {
          throw Problem.of(401, reason).toException();
        }
      }
    }
    return Optional.empty();
  }

  private boolean isStill(Caller caller, Credentials credentials) {
    return proofs.identification().of(credentials)
            instanceof Identity.Known(Caller now, var _, var _)
        && now.equals(caller);
  }

  private Credentials credentials(RoutingRequest request) {
    Optional<String> bearer =
        request
            .headers()
            .first(HeaderNames.AUTHORIZATION)
            .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
            .map(value -> value.substring(7).strip());
    return new Credentials(bearer, proofs.cookie().of(request));
  }
}
