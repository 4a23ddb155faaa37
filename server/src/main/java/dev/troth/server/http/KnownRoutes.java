package dev.troth.server.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.PathMatcher;
import io.helidon.http.PathMatchers;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRoute;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The routes of a listener, so that a wrong method is told apart from a wrong path. */
final class KnownRoutes implements HttpRules {
  private static final List<Method> METHODS =
      List.of(Method.GET, Method.HEAD, Method.POST, Method.PUT, Method.PATCH, Method.DELETE);

  private final List<HttpRoute> routes = new ArrayList<>();

  @Override
  public HttpRules register(HttpService... services) {
    throw new UnsupportedOperationException("services are not known here, expected routes");
  }

  @Override
  public HttpRules register(String pathPattern, HttpService... services) {
    return register(services);
  }

  @Override
  public HttpRules route(HttpRoute asked) {
    HttpRoute route = asked.handler() instanceof Parameters.Taking ? asked : new PlainRoute(asked);
    routes.add(route);
    routes.add(new HeadRoute(route));
    return this;
  }

  /** The patterns of all routes. */
  List<String> patterns() {
    return routes.stream()
        .flatMap(route -> route.pathMatcher().stream())
        .flatMap(matcher -> matcher.matchingElement().stream())
        .distinct()
        .toList();
  }

  /** A route of the API that names no parameters takes none. */
  private record PlainRoute(HttpRoute route, Handler strict) implements HttpRoute {
    PlainRoute(HttpRoute route) {
      this(route, Parameters.taking(route.handler()));
    }

    @Override
    public PathMatchers.MatchResult accepts(HttpPrologue prologue) {
      return route.accepts(prologue);
    }

    @Override
    public Handler handler() {
      Handler handler = route.handler();
      return (request, response) ->
          (request.path().rawPath().startsWith("/api/") ? strict : handler)
              .handle(request, response);
    }

    @Override
    public Optional<PathMatcher> pathMatcher() {
      return route.pathMatcher();
    }
  }

  /** HEAD of a path that has GET: the same answer without its body (RFC 9110, section 9.3.2). */
  private record HeadRoute(HttpRoute get) implements HttpRoute {
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
  }

  private static HttpPrologue withMethod(HttpPrologue asked, Method method) {
    return HttpPrologue.create(
        asked.rawProtocol(),
        asked.protocol(),
        asked.protocolVersion(),
        method,
        asked.uriPath(),
        asked.query(),
        asked.fragment());
  }

  /**
   * Sends each request to the first route that takes it. Without one: 405 with the methods that the
   * path has, 404 if it has none.
   */
  void addTo(HttpRouting.Builder routing) {
    List<HttpRoute> known = List.copyOf(routes);
    RouteIndex index = new RouteIndex(known);
    routing.any((request, response) -> {
      Optional<RouteIndex.Found> found = index.find(request.prologue());
      if (found.isEmpty() || !(request instanceof RoutingRequest routed)) {
        unknown(known, request, response);
        return;
      }
      RouteIndex.Found route = found.get();
      routed.path(route.path()).matchingPattern(route.template());
      route.handler().handle(request, response);
    });
  }

  private static void unknown(
      List<HttpRoute> routes, ServerRequest request, ServerResponse response) {
    List<String> allowed =
        METHODS.stream()
            .filter(method -> routes.stream().anyMatch(route -> accepts(route, method, request)))
            .map(Method::text)
            .toList();
    String path = request.path().rawPath();
    if (allowed.isEmpty()) {
      Failures.Faces.send(request, response, Problem.notFound("there is nothing at " + path));
      return;
    }
    String methods = String.join(", ", allowed);
    response.header(HeaderNames.ALLOW, methods);
    Failures.Faces.send(
        request,
        response,
        Problem.of(
            405,
            "%s is not a method of %s, expected %s"
                .formatted(request.prologue().method().text(), path, methods)));
  }

  private static boolean accepts(HttpRoute route, Method method, ServerRequest request) {
    return route.accepts(withMethod(request.prologue(), method)).accepted();
  }
}
