package dev.troth.server.http;

import dev.troth.server.ops.CannotStart;
import io.helidon.common.uri.UriPath;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.Collection;

/**
 * The part of a host that is the platform's, such as {@code /troth} behind a proxy that serves
 * other things too. Everything answers below it and without it, so that a proxy may keep the prefix
 * or take it off; what the platform says of its own addresses always has it.
 *
 * @param prefix {@code /troth}, or empty for the whole host
 */
public record PathPrefix(String prefix) implements Filter {
  /** The whole host. */
  public static final PathPrefix NONE = new PathPrefix("");

  public PathPrefix {
    if (!prefix.matches("(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*")) {
      throw new IllegalArgumentException("the prefix is '" + prefix + "', expected one as /troth");
    }
  }

  /** The address, on this host, of a path of the platform. */
  public String at(String path) {
    return prefix + path;
  }

  /** Where browsers send the platform's cookies. */
  public String ofCookies() {
    return prefix.isEmpty() ? "/" : prefix;
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    String path = request.prologue().uriPath().rawPath();
    if (!prefix.isEmpty() && (path.equals(prefix) || path.startsWith(prefix + "/"))) {
      String rest = path.substring(prefix.length());
      HttpPrologue asked = request.prologue();
      UriPath below = UriPath.create(rest.isEmpty() ? "/" : rest);
      request.prologue(
          HttpPrologue.create(
              asked.rawProtocol(),
              asked.protocol(),
              asked.protocolVersion(),
              asked.method(),
              below,
              asked.query(),
              asked.fragment()));
      request.path(WrittenPath.unrouted(below));
    }
    chain.proceed();
  }

  /** Refuses a prefix that is a path of the platform too: one address would mean two things. */
  void requireFree(String listener, Collection<String> patterns) {
    for (String pattern : patterns) {
      if (!prefix.isEmpty() && (pattern.equals(prefix) || pattern.startsWith(prefix + "/"))) {
        throw new CannotStart(
            "http.base-path is %s, expected one that is no path of the platform: %s has %s"
                .formatted(prefix, listener, pattern));
      }
    }
  }
}
