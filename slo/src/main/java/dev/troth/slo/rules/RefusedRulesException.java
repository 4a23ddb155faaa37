package dev.troth.slo.rules;

import java.util.List;

/** Rules that cannot be replayed, each with its place and the reason. */
public final class RefusedRulesException extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient List<String> reasons;

  RefusedRulesException(List<String> reasons) {
    super(String.join("; ", reasons));
    this.reasons = List.copyOf(reasons);
  }

  /** Why, one sentence each. */
  public List<String> reasons() {
    return reasons;
  }
}
