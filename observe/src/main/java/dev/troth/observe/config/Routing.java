package dev.troth.observe.config;

import dev.troth.observe.route.Routes;
import java.util.List;

/**
 * How paths become route names.
 *
 * @param patterns tried in this order
 * @param mostNames how many names one place of a path may have with low cardinality
 */
public record Routing(List<String> patterns, Routes.Unmatched unmatched, int mostNames) {
  public static final Routing DEFAULT = new Routing(List.of(), Routes.Unmatched.HEURISTIC, 10);

  public Routing {
    patterns = List.copyOf(patterns);
    if (mostNames < 1) {
      throw new IllegalArgumentException(
          "max_path_segment_cardinality is " + mostNames + ", expected at least 1");
    }
  }

  public Routes routes() {
    return new Routes(patterns, unmatched, mostNames);
  }
}
