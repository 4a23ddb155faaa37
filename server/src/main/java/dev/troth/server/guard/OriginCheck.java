package dev.troth.server.guard;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** From which sites' pages a browser may call, by the {@code Origin} it sends (RFC 6454). */
final class OriginCheck {
  private final Set<String> allowed;

  OriginCheck(List<String> allowed) {
    this.allowed = Set.copyOf(allowed);
  }

  /** Whether the origin is another one that is configured to call the API. */
  boolean isAllowed(String origin) {
    return allowed.contains(origin);
  }

  /** Whether the page came from the very host and port that it calls. */
  static boolean isSame(String origin, String authority) {
    String lower = origin.toLowerCase(Locale.ROOT);
    String called = authority.toLowerCase(Locale.ROOT);
    // A proxy in front may speak https: the page's scheme is not ours to know, its port is.
    return lower.equals("http://" + withPort(called, ":80", false))
        || lower.equals("http://" + called)
        || lower.equals("https://" + withPort(called, ":443", false))
        || lower.equals("https://" + called);
  }

  private static String withPort(String authority, String port, boolean keep) {
    return !keep && authority.endsWith(port)
        ? authority.substring(0, authority.length() - port.length())
        : authority;
  }
}
