package dev.troth.contracts.compatibility;

import dev.troth.contracts.Finding;
import dev.troth.contracts.proof.Answer;
import java.util.List;

/**
 * The new version against one earlier version, one way.
 *
 * @param against the earlier version's name
 * @param findings why it was refuted or left open; empty if it was proved
 */
public record Comparison(
    String against, Direction direction, Layer layer, Answer answer, List<Finding> findings) {
  public Comparison {
    findings = List.copyOf(findings);
  }
}
