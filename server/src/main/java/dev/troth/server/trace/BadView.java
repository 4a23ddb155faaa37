package dev.troth.server.trace;

import java.util.List;

/**
 * Why a request was bad for an objective.
 *
 * @param failed steps that failed
 * @param missing required steps that were never seen
 * @param slow whether it took longer than promised
 */
public record BadView(
    String objective,
    List<String> failed,
    List<String> missing,
    double latencyMillis,
    boolean slow) {

  /** Whether this step is a reason. */
  boolean isAt(String step) {
    return failed.contains(step) || missing.contains(step);
  }
}
