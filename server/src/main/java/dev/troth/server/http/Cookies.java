package dev.troth.server.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Cookies out of reach of scripts. Another site's link brings them along, so that people come to a
 * page as who they are; another site's forms, scripts and frames do not.
 */
public final class Cookies {
  private static final HeaderName PROTOCOL = HeaderNames.create("X-Forwarded-Proto");

  private Cookies() {}

  /** The value of the cookie of this name; of several the first. */
  public static Optional<String> value(ServerRequest request, String name) {
    if (!request.headers().contains(HeaderNames.COOKIE)) {
      return Optional.empty();
    }
    for (String header : request.headers().values(HeaderNames.COOKIE)) {
      for (String pair : header.split(";", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
          return Optional.of(pair.substring(equals + 1).strip());
        }
      }
    }
    return Optional.empty();
  }

  /** The names of cookies that begin like this, in the order in which they came. */
  public static List<String> names(ServerRequest request, String beginning) {
    if (!request.headers().contains(HeaderNames.COOKIE)) {
      return List.of();
    }
    return request.headers().values(HeaderNames.COOKIE).stream()
        .flatMap(header -> Stream.of(header.split(";", -1)))
        .map(pair -> pair.split("=", 2)[0].strip())
        .filter(name -> name.startsWith(beginning))
        .distinct()
        .toList();
  }

  /** A {@code Set-Cookie} value for a whole host; an age of zero removes the cookie. */
  public static String header(String name, String value, Duration age, boolean https) {
    return header(name, value, age, https, PathPrefix.NONE);
  }

  /** A {@code Set-Cookie} value for what lies below a path. */
  public static String header(
      String name, String value, Duration age, boolean https, PathPrefix base) {
    return "%s=%s; Path=%s; Max-Age=%d; HttpOnly; SameSite=Lax%s"
        .formatted(name, value, base.ofCookies(), age.toSeconds(), https ? "; Secure" : "");
  }

  /**
   * The name of a cookie that a browser takes over TLS alone, from this very host (RFC 6265bis,
   * section 4.1.3): neither another host of the domain nor somebody on the way can plant one. Below
   * a base path no other path of the host is kept out, because the cookie has that path.
   */
  public static String secured(String name, PathPrefix base) {
    return (base.prefix().isEmpty() ? "__Host-" : "__Secure-") + name;
  }

  /** Whether the page that asks came over TLS, which may end in a proxy before us. */
  public static boolean isHttps(ServerRequest request) {
    return request.isSecure()
        || request.headers().first(HeaderNames.ORIGIN).orElse("").startsWith("https://");
  }

  /**
   * Whether anything says that the browser came over TLS. Who lies here makes a cookie count less
   * and never more, and changes addresses that are shown to nobody else.
   */
  public static boolean isOverTls(ServerRequest request) {
    return isHttps(request) || is(request, PROTOCOL, "https");
  }

  private static boolean is(ServerRequest request, HeaderName name, String expected) {
    return request.headers().first(name).filter(expected::equalsIgnoreCase).isPresent();
  }

  /**
   * The cookie that carries a login of one platform. Browsers give a cookie to every port of a host
   * (RFC 6265, section 8.5), so its name has the platform's own id: a login at one platform leaves
   * that at another on the same host alone. Over TLS its name is {@link #secured}, and no other
   * counts.
   */
  public static final class Session {
    private final Supplier<String> platform;
    private final PathPrefix base;
    private final Optional<String> secureHost;

    /**
     * @param platform the platform's id, asked for at each request because it is known after the
     *     start
     * @param base below which browsers send it
     * @param publicUrl where browsers reach the platform, if that is said
     */
    public Session(Supplier<String> platform, PathPrefix base, Optional<URI> publicUrl) {
      this.platform = platform;
      this.base = base;
      this.secureHost =
          publicUrl.filter(url -> "https".equals(url.getScheme())).map(URI::getRawAuthority);
    }

    private String name() {
      return "troth_session_" + platform.get();
    }

    /** The name of a cookie that serves the same platform for something else. */
    public String besides(String what) {
      return "troth_" + what + "_" + platform.get();
    }

    /** Its value in a request. */
    public Optional<String> of(ServerRequest request) {
      if (!request.headers().contains(HeaderNames.COOKIE)) {
        return Optional.empty();
      }
      Optional<String> secured = value(request, secured(name(), base));
      return secured.isPresent() || isSecured(request) ? secured : value(request, name());
    }

    private boolean isSecured(ServerRequest request) {
      return isOverTls(request)
          || secureHost
              .filter(host ->
                  host.equalsIgnoreCase(request.authority())
                      || is(request, HeaderNames.X_FORWARDED_HOST, host))
              .isPresent();
    }

    /** The {@code Set-Cookie} value that carries a login; an age of zero removes it. */
    public String header(String login, Duration age, boolean https) {
      return Cookies.header(https ? secured(name(), base) : name(), login, age, https, base);
    }
  }
}
