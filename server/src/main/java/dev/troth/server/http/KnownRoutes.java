package dev.troth.server.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
import io.helidon.http.PathMatcher;
import io.helidon.http.PathMatchers;
import io.helidon.http.RoutedPath;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRoute;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  /**
   * Finds the first route that takes a request without asking all of them. Routes are kept by the
   * number of segments and the first segment of their templates; whether one takes the request, it
   * says itself. A template that says less, and a path with anything but plain characters, is asked
   * in order as the router would.
   */
  static final class RouteIndex {
    /** A first segment that is literal, with more behind it. */
    private static final Pattern BEGIN = Pattern.compile("/([A-Za-z0-9_.-]+)/");

    private final List<Known> routes = new ArrayList<>();
    private final Map<Shape, List<Known>> byShape = new HashMap<>();
    private final List<Known> open = new ArrayList<>();

    RouteIndex(List<HttpRoute> all) {
      for (HttpRoute route : all) {
        routes.add(Known.of(routes.size(), route));
      }
      for (Known route : routes) {
        if (route.segments().isEmpty()) {
          open.add(route);
        } else {
          byShape.computeIfAbsent(Shape.of(route.segments()), _ -> new ArrayList<>()).add(route);
        }
      }
      byShape.forEach((shape, known) -> {
        open.stream().filter(route -> route.mayTake(shape)).forEach(known::add);
        known.sort(Comparator.comparingInt(Known::order));
      });
    }

    /**
     * What paths are told apart by first.
     *
     * @param segments how many there are
     * @param first the first of them
     */
    private record Shape(int segments, String first) {
      static Shape of(List<String> segments) {
        return new Shape(segments.size(), segments.getFirst());
      }
    }

    /**
     * A route and what of its template is known.
     *
     * @param segments literal or a name in braces; empty if it is asked for every path
     */
    private record Known(
        int order, HttpRoute route, Handler handler, String template, List<String> segments) {
      static Known of(int order, HttpRoute route) {
        String template = route.pathMatcher().flatMap(PathMatcher::matchingElement).orElse("");
        return new Known(order, route, route.handler(), template, simple(template));
      }

      private static List<String> simple(String template) {
        if (!template.matches("/[A-Za-z0-9_.-]+(/([A-Za-z0-9_.-]+|\\{[A-Za-z]+}))*")) {
          return List.of();
        }
        return split(template);
      }

      /** Whether a template of which less is known can take paths of a shape. */
      boolean mayTake(Shape shape) {
        Matcher begin = BEGIN.matcher(template);
        return !begin.lookingAt() || begin.group(1).equals(shape.first());
      }

      boolean mayTake(List<String> path) {
        for (int i = 0; i < segments.size(); i++) {
          String segment = segments.get(i);
          if (segment.charAt(0) != '{' && !segment.equals(path.get(i))) {
            return false;
          }
        }
        return true;
      }
    }

    /** A route that takes a request. */
    record Found(Handler handler, String template, RoutedPath path) {}

    Optional<Found> find(HttpPrologue prologue) {
      String path = prologue.uriPath().rawPath();
      if (!isPlain(path)) {
        return first(routes, List.of(), prologue);
      }
      List<String> segments = split(path);
      return first(byShape.getOrDefault(Shape.of(segments), open), segments, prologue);
    }

    private static Optional<Found> first(
        List<Known> among, List<String> segments, HttpPrologue prologue) {
      for (Known known : among) {
        if (segments.isEmpty() || known.mayTake(segments)) {
          PathMatchers.MatchResult result = known.route().accepts(prologue);
          if (result.accepted()) {
            return Optional.of(new Found(known.handler(), known.template(), result.path()));
          }
        }
      }
      return Optional.empty();
    }

    /** Whether every reading of a path sees the same segments. */
    private static boolean isPlain(String path) {
      if (path.length() < 2 || path.charAt(0) != '/' || path.charAt(path.length() - 1) == '/') {
        return false;
      }
      char before = ' ';
      for (int i = 0; i < path.length(); i++) {
        char c = path.charAt(i);
        boolean word =
            (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '_'
                || c == ':'
                || (c == '.' && before != '/');
        if (!word && !(c == '/' && before != '/')) {
          return false;
        }
        before = c;
      }
      return true;
    }

    private static List<String> split(String path) {
      List<String> segments = new ArrayList<>();
      int from = 1;
      for (int to = path.indexOf('/', from); to >= 0; to = path.indexOf('/', from)) {
        segments.add(path.substring(from, to));
        from = to + 1;
      }
      segments.add(path.substring(from));
      return segments;
    }
  }
}
