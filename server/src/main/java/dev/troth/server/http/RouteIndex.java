package dev.troth.server.http;

import io.helidon.http.HttpPrologue;
import io.helidon.http.PathMatcher;
import io.helidon.http.PathMatchers;
import io.helidon.http.RoutedPath;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRoute;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the first route that takes a request without asking all of them. Routes are kept by the
 * number of segments and the first segment of their templates; whether one takes the request, it
 * says itself. A template that says less, and a path with anything but plain characters, is asked
 * in order as the router would.
 */
final class RouteIndex {
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
