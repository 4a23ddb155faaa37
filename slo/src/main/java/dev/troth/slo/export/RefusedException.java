package dev.troth.slo.export;

import java.util.List;

/** An objective that the other system cannot keep, with every reason. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;
  private final List<String> reasons;

  RefusedException(List<String> reasons) {
    super(String.join("; ", reasons));
    this.reasons = List.copyOf(reasons);
  }

  RefusedException(String reason) {
    this(List.of(reason));
  }

  public List<String> reasons() {
    return reasons;
  }
}
