package dev.troth.server.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * Cookies out of reach of scripts. Another site's link brings them along, so that people come to a
 * page as who they are; another site's forms, scripts and frames do not.
 */
public final class Cookies {
  private Cookies() {}

  /** The value of the cookie of this name; of several the first. */
  public static Optional<String> value(ServerRequest request, String name) {
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

  /** A {@code Set-Cookie} value; an age of zero removes the cookie. */
  public static String header(String name, String value, Duration age, boolean https) {
    return "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s"
        .formatted(name, value, age.toSeconds(), https ? "; Secure" : "");
  }

  /** Whether the page that asks came over TLS, which then ends in a proxy before us. */
  public static boolean isHttps(ServerRequest request) {
    return request.headers().first(HeaderNames.ORIGIN).orElse("").startsWith("https://");
  }
}
