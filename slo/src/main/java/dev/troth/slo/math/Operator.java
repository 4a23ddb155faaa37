package dev.troth.slo.math;

import java.util.Optional;

/** An operator between two operands; those that bind tighter have a higher rank. */
public enum Operator {
  OR("OR", "||", 1),
  AND("AND", "&&", 2),
  EQUAL("==", "==", 3),
  UNEQUAL("!=", "!=", 3),
  AT_MOST("<=", "<=", 3),
  AT_LEAST(">=", ">=", 3),
  BELOW("<", "<", 3),
  ABOVE(">", ">", 3),
  PLUS("+", "+", 4),
  MINUS("-", "-", 4),
  TIMES("*", "*", 5),
  DIVIDED("/", "/", 5),
  POWER("^", "^", 7);

  /** A sign before an operand binds tighter than a product and looser than a power. */
  static final int SIGN = 6;

  private final String sign;
  private final String other;
  private final int rank;

  Operator(String sign, String other, int rank) {
    this.sign = sign;
    this.other = other;
    this.rank = rank;
  }

  /** As it is written. */
  public String sign() {
    return sign;
  }

  int rank() {
    return rank;
  }

  /** The least rank of an operator that belongs to the right operand: powers group to the right. */
  int rightRank() {
    return this == POWER ? rank : rank + 1;
  }

  /** Whether it asks rather than counts: its answer is 0 or 1. */
  public boolean asks() {
    return rank <= 3;
  }

  static Optional<Operator> of(String word) {
    for (Operator operator : values()) {
      if (operator.sign.equals(word) || operator.other.equals(word)) {
        return Optional.of(operator);
      }
    }
    return Optional.empty();
  }
}
