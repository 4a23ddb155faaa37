package dev.troth.observe.span;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns paths into route names of low cardinality: by patterns first, then as {@link Unmatched}
 * says. Not thread-safe, because it counts what it has seen.
 */
public final class Routes {
  /** What becomes of a path that no pattern fits. */
  public enum Unmatched {
    /** Segments that look like identifiers become {@code {id}}. */
    HEURISTIC,
    /** As heuristic, and a place in the path with too many different names becomes a star. */
    LOW_CARDINALITY,
    /** All become one star. */
    WILDCARD,
    /** The path itself. */
    PATH,
    /** No route. */
    UNSET
  }

  private static final int LONGEST_NAME = 40;
  private static final int MOST_REMEMBERED = 2_000;

  private final List<RoutePattern> patterns;
  private final Unmatched unmatched;
  private final int mostNames;
  private final Map<String, Set<String>> seen = new HashMap<>();
  private final Map<String, String> remembered = new HashMap<>();

  /**
   * @param mostNames how many different names one place of a path may have, when low cardinality is
   *     asked for
   */
  public Routes(List<String> patterns, Unmatched unmatched, int mostNames) {
    this.patterns = patterns.stream().map(RoutePattern::parse).toList();
    this.unmatched = unmatched;
    this.mostNames = mostNames;
  }

  /** The route of a path, which has no query. */
  public Optional<String> route(String path) {
    String known = remembered.get(path);
    if (known != null) {
      return Optional.of(known);
    }
    for (RoutePattern pattern : patterns) {
      if (pattern.matches(path)) {
        return remember(path, pattern.text());
      }
    }
    return switch (unmatched) {
      case HEURISTIC -> remember(path, heuristic(path, false));
      case LOW_CARDINALITY -> Optional.of(heuristic(path, true));
      case WILDCARD -> Optional.of("/**");
      case PATH -> Optional.of(path);
      case UNSET -> Optional.empty();
    };
  }

  private Optional<String> remember(String path, String route) {
    if (remembered.size() >= MOST_REMEMBERED) {
      remembered.clear();
    }
    remembered.put(path, route);
    return Optional.of(route);
  }

  private String heuristic(String path, boolean limited) {
    if (!path.startsWith("/")) {
      return path.equals("*") ? "*" : "/**";
    }
    List<String> names = new ArrayList<>();
    StringBuilder route = new StringBuilder();
    for (String name : path.substring(1).split("/", -1)) {
      String kept = isIdentifier(name) ? "{id}" : name;
      if (limited && !kept.equals("{id}")) {
        Set<String> here = seen.computeIfAbsent(route.toString(), unknown -> new HashSet<>());
        if (!here.contains(kept) && here.size() >= mostNames) {
          kept = "*";
        } else {
          here.add(kept);
        }
      }
      names.add(kept);
      route.append('/').append(kept);
    }
    return "/" + String.join("/", names);
  }

  /**
   * Numbers, UUIDs, hexadecimal and other generated names: with digits among letters, very long, or
   * with characters that no programmer puts into a route.
   */
  static boolean isIdentifier(String name) {
    int digits = 0;
    int letters = 0;
    int changes = 0;
    boolean wasDigit = false;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean digit = c >= '0' && c <= '9';
      if (digit) {
        digits++;
      } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
        letters++;
      } else if ("-_.~".indexOf(c) < 0) {
        return true;
      }
      if (i > 0 && digit != wasDigit) {
        changes++;
      }
      wasDigit = digit;
    }
    if (name.isEmpty() || digits == 0) {
      return name.length() > LONGEST_NAME;
    }
    boolean version = name.charAt(0) == 'v' && digits + 1 == name.length() && digits < 3;
    boolean file = name.lastIndexOf('.') > 0 && letters > 2 * digits;
    return !version && !file && (letters == 0 || digits > 2 || changes > 2);
  }
}
