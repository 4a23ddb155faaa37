package dev.troth.observe.span;

import dev.troth.observe.discovery.Glob;
import java.util.List;
import java.util.Set;

/**
 * Which requests are told of.
 *
 * @param included patterns of paths, of which one must fit; empty for all
 * @param ignored patterns of paths, of which none may fit
 * @param localAddresses addresses of this side, of which one must fit; empty for all
 */
public record SpanFilter(List<Glob> included, List<Glob> ignored, Set<String> localAddresses) {
  public static final SpanFilter ALL = new SpanFilter(List.of(), List.of(), Set.of());

  public SpanFilter {
    included = List.copyOf(included);
    ignored = List.copyOf(ignored);
    localAddresses = Set.copyOf(localAddresses);
  }

  boolean includes(Connection connection, String path) {
    return (included.isEmpty() || fits(included, path))
        && !fits(ignored, path)
        && (localAddresses.isEmpty() || localAddresses.contains(connection.localText()));
  }

  private static boolean fits(List<Glob> patterns, String path) {
    for (Glob pattern : patterns) {
      if (pattern.matches(path)) {
        return true;
      }
    }
    return false;
  }
}
