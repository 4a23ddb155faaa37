package dev.troth.contracts;

import java.util.List;

/** A contract that cannot be used, with everything that is wrong with it. */
public final class ContractException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Finding> findings;

  public ContractException(List<Finding> findings) {
    super(String.join("\n", findings.stream().map(Finding::toString).toList()));
    this.findings = List.copyOf(findings);
  }

  public List<Finding> findings() {
    return findings;
  }
}
