package dev.troth.server.http;

import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.PathMatcher;
import io.helidon.http.PathMatchers;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRoute;
import java.util.Optional;

/** HEAD of a path that has GET: the same answer without its body (RFC 9110, section 9.3.2). */
record HeadRoute(HttpRoute get) implements HttpRoute {
  @Override
  public PathMatchers.MatchResult accepts(HttpPrologue prologue) {
    return prologue.method().equals(Method.HEAD)
        ? get.accepts(withMethod(prologue, Method.GET))
        : PathMatchers.MatchResult.notAccepted();
  }

  @Override
  public Handler handler() {
    Handler handler = get.handler();
    return (request, response) -> handler.handle(request, new HeadResponse(response));
  }

  @Override
  public Optional<PathMatcher> pathMatcher() {
    return get.pathMatcher();
  }

  static HttpPrologue withMethod(HttpPrologue asked, Method method) {
    return HttpPrologue.create(
        asked.rawProtocol(),
        asked.protocol(),
        asked.protocolVersion(),
        method,
        asked.uriPath(),
        asked.query(),
        asked.fragment());
  }
}
