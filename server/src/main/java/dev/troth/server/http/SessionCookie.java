package dev.troth.server.http;

import io.helidon.webserver.http.ServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The cookie that carries a login of one platform. Browsers give a cookie to every port of a host
 * (RFC 6265, section 8.5), so its name has the platform's own id: a login at one platform leaves
 * that at another on the same host alone.
 */
public final class SessionCookie {
  private final Supplier<String> platform;

  /**
   * @param platform the platform's id, asked for at each request because it is known after the
   *     start
   */
  public SessionCookie(Supplier<String> platform) {
    this.platform = platform;
  }

  private String name() {
    return "troth_session_" + platform.get();
  }

  /** Its value in a request. */
  public Optional<String> of(ServerRequest request) {
    return Cookies.value(request, name());
  }

  /** The {@code Set-Cookie} value that carries a login; an age of zero removes it. */
  public String header(String login, Duration age, boolean https) {
    return Cookies.header(name(), login, age, https);
  }
}
