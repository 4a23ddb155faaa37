package dev.troth.observe.route;

import java.util.List;

/**
 * A pattern of paths: {@code /users/{id}}, {@code /users/:id}, {@code /static/**}; a star stands
 * for one segment, two stars at the end for all that follow.
 */
record RoutePattern(String text, List<String> segments) {
  static RoutePattern parse(String text) {
    if (!text.startsWith("/")) {
      throw new IllegalArgumentException(
          "route pattern is '" + text + "', expected a path that begins with /");
    }
    return new RoutePattern(text, List.of(text.substring(1).split("/", -1)));
  }

  boolean matches(String path) {
    if (!path.startsWith("/")) {
      return false;
    }
    String[] names = path.substring(1).split("/", -1);
    for (int i = 0; i < segments.size(); i++) {
      String segment = segments.get(i);
      if (segment.equals("**")) {
        return true;
      }
      if (i >= names.length) {
        return false;
      }
      boolean any =
          segment.equals("*")
              || segment.startsWith(":")
              || (segment.startsWith("{") && segment.endsWith("}"));
      if (any ? names[i].isEmpty() : !segment.equals(names[i])) {
        return false;
      }
    }
    return names.length == segments.size();
  }
}
