package dev.troth.contracts.exchange;

import dev.troth.contracts.Finding;
import dev.troth.json.Json;
import java.util.List;

/**
 * A document made of another one.
 *
 * @param document what was made; not to be used if there are errors
 * @param findings what the new form cannot say, or says to Troth alone
 */
public record Conversion(Json.Obj document, List<Finding> findings) {
  public Conversion {
    findings = List.copyOf(findings);
  }

  /** Whether the document may be used. */
  public boolean usable() {
    return findings.stream().noneMatch(Finding::isError);
  }
}
