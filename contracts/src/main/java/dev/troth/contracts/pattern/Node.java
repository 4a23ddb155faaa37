package dev.troth.contracts.pattern;

import java.util.List;

/** The syntax tree of a regular expression. */
sealed interface Node {
  /** One character of a set. */
  record Chars(CodePoints set) implements Node {}

  /** All of these, one after the other. */
  record Seq(List<Node> parts) implements Node {}

  /** One of these, the first that leads to a match. */
  record Alt(List<Node> branches) implements Node {}

  /**
   * The same again.
   *
   * @param max the most, or {@link #UNBOUNDED}
   */
  record Repeat(Node node, int min, int max, boolean greedy) implements Node {
    static final int UNBOUNDED = Integer.MAX_VALUE;
  }

  /** A capturing group, numbered from 1. */
  record Group(Node node, int index) implements Node {}

  /** What a group has captured. */
  record Back(int group) implements Node {}

  /** {@code ^}: the start of the text. */
  record Start() implements Node {}

  /** {@code $}: the end of the text. */
  record End() implements Node {}

  /** {@code \b} or {@code \B}. */
  record Boundary(boolean negated) implements Node {}

  /** A condition on what follows or precedes. */
  record Look(Node node, boolean ahead, boolean negated) implements Node {}
}
