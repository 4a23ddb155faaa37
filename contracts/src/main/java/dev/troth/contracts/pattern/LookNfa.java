package dev.troth.contracts.pattern;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a pattern with look-aheads needs to match from a place, as nodes that point to what must
 * match after them. A node of a look-ahead never points out of it, so that deeper nodes can be
 * decided first.
 */
final class LookNfa {
  private static final int MOST_NODES = 20_000;

  /** What a node asks for. */
  enum Kind {
    /** Nothing more. */
    MATCH,
    /** A character of a set. */
    CHARS,
    /** Either way. */
    SPLIT,
    START,
    END,
    /** The other way does, or does not, match from here. */
    LOOK,
    /** The character before is, or is not, of a set. */
    AFTER,
    /** A word begins or ends here, or does not. */
    BOUNDARY
  }

  /**
   * One node.
   *
   * @param set the number of a set of characters
   * @param next the node after it
   * @param other the second way, or the look-ahead's first node
   */
  record State(Kind kind, int set, boolean negated, int next, int other) {}

  /** The pattern has back references or long look-behinds, or is too large. */
  static final class Unsuitable extends Exception {
    private static final long serialVersionUID = 1L;

    Unsuitable() {
      super(null, null, false, false);
    }
  }

  final List<State> states = new ArrayList<>();

  /** Nodes by how deeply they are nested in look-aheads. */
  final List<BitSet> levels = new ArrayList<>();

  /** Every set that is asked for; 0 is the word characters. */
  final List<CodePoints> sets = new ArrayList<>(List.of(CharacterClasses.WORD));

  /** The sets that are asked of the character before. */
  final Set<Integer> behind = new LinkedHashSet<>();

  final int start;

  private LookNfa(Node node) throws Unsuitable {
    start = build(node, add(Kind.MATCH, 0, false, 0, 0, 0), 0);
  }

  static LookNfa of(Node node) throws Unsuitable {
    return new LookNfa(node);
  }

  private int add(Kind kind, int set, boolean negated, int next, int other, int level)
      throws Unsuitable {
    if (states.size() >= MOST_NODES) {
      throw new Unsuitable();
    }
    while (levels.size() <= level) {
      levels.add(new BitSet());
    }
    levels.get(level).set(states.size());
    states.add(new State(kind, set, negated, next, other));
    return states.size() - 1;
  }

  private int set(CodePoints set) {
    int known = sets.indexOf(set);
    if (known >= 0) {
      return known;
    }
    sets.add(set);
    return sets.size() - 1;
  }

  private int build(Node node, int then, int level) throws Unsuitable {
    return switch (node) {
      case Node.Chars(CodePoints set) -> add(Kind.CHARS, set(set), false, then, 0, level);
      case Node.Seq(List<Node> parts) -> {
        int at = then;
        for (Node part : parts.reversed()) {
          at = build(part, at, level);
        }
        yield at;
      }
      case Node.Alt(List<Node> branches) -> {
        int at = build(branches.getFirst(), then, level);
        for (Node branch : branches.subList(1, branches.size())) {
          at = add(Kind.SPLIT, 0, false, at, build(branch, then, level), level);
        }
        yield at;
      }
      case Node.Group(Node inner, int _) -> build(inner, then, level);
      case Node.Repeat repeat -> repeat(repeat, then, level);
      case Node.Start _ -> add(Kind.START, 0, false, then, 0, level);
      case Node.End _ -> add(Kind.END, 0, false, then, 0, level);
      case Node.Boundary(boolean negated) -> {
        behind.add(0);
        yield add(Kind.BOUNDARY, 0, negated, then, 0, level);
      }
      case Node.Look(Node inner, boolean ahead, boolean negated) -> {
        if (ahead) {
          int match = add(Kind.MATCH, 0, false, 0, 0, level + 1);
          int first = build(inner, match, level + 1);
          yield add(Kind.LOOK, 0, negated, then, first, level);
        }
        int set = set(single(inner));
        behind.add(set);
        yield add(Kind.AFTER, set, negated, then, 0, level);
      }
      case Node.Back _ -> throw new Unsuitable();
    };
  }

  /** Look-behinds of one character alone are easy from the end. */
  private static CodePoints single(Node node) throws Unsuitable {
    return switch (node) {
      case Node.Chars(CodePoints set) -> set;
      case Node.Group(Node inner, int _) -> single(inner);
      case Node.Alt(List<Node> branches) -> {
        List<CodePoints> all = new ArrayList<>();
        for (Node branch : branches) {
          all.add(single(branch));
        }
        yield CodePoints.union(all);
      }
      default -> throw new Unsuitable();
    };
  }

  private int repeat(Node.Repeat repeat, int then, int level) throws Unsuitable {
    int at = then;
    if (repeat.max() == Node.Repeat.UNBOUNDED) {
      int loop = add(Kind.SPLIT, 0, false, then, then, level);
      int body = build(repeat.node(), loop, level);
      states.set(loop, new State(Kind.SPLIT, 0, false, body, then));
      at = loop;
    } else {
      for (int i = repeat.min(); i < repeat.max(); i++) {
        at = add(Kind.SPLIT, 0, false, build(repeat.node(), at, level), then, level);
      }
    }
    for (int i = 0; i < repeat.min(); i++) {
      int before = states.size();
      at = build(repeat.node(), at, level);
      if (states.size() == before) {
        break; // Nothing, however often it is repeated.
      }
    }
    return at;
  }
}
