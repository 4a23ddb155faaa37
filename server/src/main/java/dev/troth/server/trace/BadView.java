package dev.troth.server.trace;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was bad for an objective.
 *
 * @param failed steps that failed
 * @param missing required steps that were never seen
 * @param slow whether it took longer than promised
 * @param group the group that its value of the attribute has, were there no limit; null where the
 *     objective has no groups
 */
public record BadView(
    String objective,
    List<String> failed,
    List<String> missing,
    double latencyMillis,
    boolean slow,
    @Nullable String group) {

  /** Whether this step is a reason. */
  boolean isAt(String step) {
    return failed.contains(step) || missing.contains(step);
  }
}
