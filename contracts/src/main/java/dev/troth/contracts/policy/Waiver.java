package dev.troth.contracts.policy;

import dev.troth.contracts.Finding;
import dev.troth.json.file.Location;
import java.time.LocalDate;
import java.util.Optional;

/**
 * A finding that is known and borne.
 *
 * @param contract the name of the contract
 * @param rule the rule's id, or its beginning and {@code *}
 * @param reason why it is borne
 * @param until the last day on which it holds; for ever if there is none
 * @param place where it is written
 */
public record Waiver(
    String contract, String rule, String reason, Optional<LocalDate> until, Location place) {
  public Waiver {
    if (reason.isBlank()) {
      throw new IllegalArgumentException("a waiver has no reason");
    }
  }

  boolean speaksOf(String name, Finding finding) {
    return contract.equals(name)
        && (rule.endsWith("*")
            ? finding.rule().startsWith(rule.substring(0, rule.length() - 1))
            : finding.rule().equals(rule));
  }

  boolean holds(LocalDate today) {
    return until.map(last -> !today.isAfter(last)).orElse(true);
  }
}
