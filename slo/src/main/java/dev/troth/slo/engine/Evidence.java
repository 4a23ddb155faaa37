package dev.troth.slo.engine;

import dev.troth.slo.alert.Doubt;
import dev.troth.slo.count.Counts;
import dev.troth.slo.objective.Maintenance;
import java.util.List;
import java.util.Optional;

/**
 * What a figure rests on.
 *
 * @param unknown requests of which nothing failed and a step was not seen, over six hours at most
 * @param unknownCounted whether they are among the requests counted, by the chain's {@code missing}
 * @param sampled requests that were refused because their sender samples
 * @param doubt why the figure is not to be relied on
 * @param notes what cannot be seen from here, and what follows
 * @param leftOut what maintenance left out of the window
 */
public record Evidence(
    long unknown,
    boolean unknownCounted,
    long sampled,
    Optional<Doubt> doubt,
    List<String> notes,
    List<LeftOut> leftOut) {

  /** Requests that one maintenance left out. */
  public record LeftOut(Maintenance maintenance, Counts counts) {}

  public Evidence {
    leftOut = List.copyOf(leftOut);
    notes = List.copyOf(notes);
  }
}
