package dev.troth.observe.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns paths into route names of low cardinality: by patterns first, then as {@link Unmatched}
 * says. Whoever may ask for any path may not make names without bound: a place in a path has so
 * many names, all routes together so many, and a request that was not found teaches none. Not
 * thread-safe, because it counts what it has seen.
 */
public final class Routes {
  /** What becomes of a path that no pattern fits. */
  public enum Unmatched {
    /** Segments that look like identifiers become {@code {id}}. */
    HEURISTIC,
    /** As heuristic, with the bound of one place that the settings name. */
    LOW_CARDINALITY,
    /** All become one star. */
    WILDCARD,
    /** The path itself, as long as there are few. */
    PATH,
    /** No route. */
    UNSET
  }

  /** How many names one place of a path may have unless the settings say so. */
  static final int NAMES_OF_A_PLACE = 100;

  /** How many routes there may be that no pattern gives. */
  static final int MOST_ROUTES = 500;

  private static final int MOST_SEGMENTS = 12;
  private static final int MOST_REMEMBERED = 2_000;
  private static final int LONGEST_REMEMBERED = 120;
  private static final String ANY = "/**";

  private final List<RoutePattern> patterns;
  private final Unmatched unmatched;
  private final int namesOfAPlace;
  private final Map<String, Set<String>> seen = new HashMap<>();
  private final Map<String, String> routes = new HashMap<>();
  private final Map<String, String> remembered = new HashMap<>();

  /**
   * @param mostNames how many different names one place of a path may have, when low cardinality is
   *     asked for
   */
  public Routes(List<String> patterns, Unmatched unmatched, int mostNames) {
    this.patterns = patterns.stream().map(RoutePattern::parse).toList();
    this.unmatched = unmatched;
    this.namesOfAPlace = unmatched == Unmatched.LOW_CARDINALITY ? mostNames : NAMES_OF_A_PLACE;
  }

  /** The route of a path, which has no query. */
  public Optional<String> route(String path) {
    return route(path, true);
  }

  /**
   * The route of a path, which has no query.
   *
   * @param found whether somebody answered for the path, so that its names are worth learning
   */
  public Optional<String> route(String path, boolean found) {
    String known = remembered.get(path);
    if (known != null) {
      return Optional.of(known);
    }
    for (RoutePattern pattern : patterns) {
      if (pattern.matches(path)) {
        return Optional.of(remember(path, pattern.text()));
      }
    }
    return switch (unmatched) {
      case HEURISTIC, LOW_CARDINALITY -> Optional.of(heuristic(path, found));
      case WILDCARD -> Optional.of(ANY);
      case PATH -> Optional.of(bounded(path, found));
      case UNSET -> Optional.empty();
    };
  }

  /** The path with what looks like a secret hidden. */
  public String withoutSecrets(String path) {
    return Secrets.hide(path);
  }

  private String remember(String path, String route) {
    if (path.length() <= LONGEST_REMEMBERED) {
      if (remembered.size() >= MOST_REMEMBERED) {
        remembered.clear();
      }
      remembered.put(path, route);
    }
    return route;
  }

  private String heuristic(String path, boolean found) {
    if (!path.startsWith("/")) {
      return path.equals("*") ? "*" : ANY;
    }
    List<String> names = new ArrayList<>();
    StringBuilder route = new StringBuilder();
    boolean starred = false;
    for (String name : path.substring(1).split("/", -1)) {
      if (names.size() == MOST_SEGMENTS) {
        names.add("**");
        break;
      }
      String kept = Identifiers.isOne(name) ? "{id}" : name;
      if (!kept.equals("{id}") && !learn(route.toString(), kept, found)) {
        kept = "*";
        starred = true;
      }
      names.add(kept);
      route.append('/').append(kept);
    }
    String whole = bounded("/" + String.join("/", names), found);
    // A name that is a star today may be learned tomorrow.
    return starred || whole.equals(ANY) ? whole : remember(path, whole);
  }

  /** Whether a name may stand at this place. */
  private boolean learn(String place, String name, boolean found) {
    Set<String> here = seen.get(place);
    if (here != null && here.contains(name)) {
      return true;
    }
    if (!found || (here != null && here.size() >= namesOfAPlace) || seen.size() >= MOST_ROUTES) {
      return false;
    }
    seen.computeIfAbsent(place, added -> new HashSet<>()).add(name);
    return true;
  }

  private String bounded(String route, boolean found) {
    String same = routes.get(route);
    if (same != null) {
      return same;
    }
    if (routes.size() >= MOST_ROUTES || (!found && !route.contains("*") && !route.contains("{"))) {
      return ANY;
    }
    routes.put(route, route);
    return route;
  }
}
