package dev.troth.server.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * The session cookie: out of reach of scripts. Another site's link brings it along, so that people
 * come to a page as who they are; another site's forms, scripts and frames do not.
 */
public final class Cookies {
  public static final String SESSION = "troth_session";

  private Cookies() {}

  /** The value of the session cookie. */
  public static Optional<String> session(ServerRequest request) {
    for (String header : request.headers().values(HeaderNames.COOKIE)) {
      for (String pair : header.split(";", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0 && pair.substring(0, equals).strip().equals(SESSION)) {
          return Optional.of(pair.substring(equals + 1).strip());
        }
      }
    }
    return Optional.empty();
  }

  /** A {@code Set-Cookie} value; an age of zero removes the cookie. */
  public static String session(String value, Duration age, boolean https) {
    return "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s"
        .formatted(SESSION, value, age.toSeconds(), https ? "; Secure" : "");
  }
}
