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
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rules that remember their routes, so that a wrong method is told apart from a wrong path. */
final class KnownRoutes implements HttpRules {
  private static final List<Method> METHODS =
      List.of(Method.GET, Method.HEAD, Method.POST, Method.PUT, Method.PATCH, Method.DELETE);

  private final HttpRouting.Builder routing;
  private final List<HttpRoute> routes = new ArrayList<>();

  KnownRoutes(HttpRouting.Builder routing) {
    this.routing = routing;
  }

  @Override
  public HttpRules register(HttpService... services) {
    routing.register(services);
    return this;
  }

  @Override
  public HttpRules register(String pathPattern, HttpService... services) {
    routing.register(pathPattern, services);
    return this;
  }

  @Override
  public HttpRules route(HttpRoute asked) {
    HttpRoute route = asked.handler() instanceof Parameters.Taking ? asked : new PlainRoute(asked);
    routes.add(route);
    routing.route(route);
    HttpRoute head = new HeadRoute(route);
    routes.add(head);
    routing.route(head);
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
  private record PlainRoute(HttpRoute route) implements HttpRoute {
    @Override
    public PathMatchers.MatchResult accepts(HttpPrologue prologue) {
      return route.accepts(prologue);
    }

    @Override
    public Handler handler() {
      Handler handler = route.handler();
      Handler strict = Parameters.taking(handler);
      return (request, response) ->
          (request.path().rawPath().startsWith("/api/") ? strict : handler)
              .handle(request, response);
    }

    @Override
    public Optional<PathMatcher> pathMatcher() {
      return route.pathMatcher();
    }
  }

  /**
   * The last route: 405 with the methods that the path has, 404 if it has none.
   *
   * @param faces may answer the 404 in their own way
   */
  void addFallback(List<Routes> faces) {
    List<HttpRoute> known = List.copyOf(routes);
    routing.any((request, response) -> unknown(known, faces, request, response));
  }

  private static void unknown(
      List<HttpRoute> routes, List<Routes> faces, ServerRequest request, ServerResponse response) {
    List<String> allowed =
        METHODS.stream()
            .filter(method -> routes.stream().anyMatch(route -> accepts(route, method, request)))
            .map(Method::text)
            .toList();
    String path = request.path().rawPath();
    if (allowed.isEmpty()) {
      if (faces.stream().noneMatch(face -> face.answersLost(request, response))) {
        Json.send(response, Problem.notFound("there is nothing at " + path));
      }
      return;
    }
    String methods = String.join(", ", allowed);
    response.header(HeaderNames.ALLOW, methods);
    Json.send(
        response,
        Problem.of(
            405,
            "%s is not a method of %s, expected %s"
                .formatted(request.prologue().method().text(), path, methods)));
  }

  private static boolean accepts(HttpRoute route, Method method, ServerRequest request) {
    return route.accepts(HeadRoute.withMethod(request.prologue(), method)).accepted();
  }
}
