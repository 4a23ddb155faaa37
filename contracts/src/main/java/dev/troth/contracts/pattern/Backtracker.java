package dev.troth.contracts.pattern;

import java.util.Arrays;
import java.util.List;

/**
 * Matches what no automaton can: look-around and back-references, by trying one way after another
 * as ECMA-262 §22.2.2 describes. Steps and nesting are limited, so an exploding pattern ends in a
 * {@link CostException} and not in a stall.
 */
final class Backtracker {
  private static final int STEPS = 200_000;
  private static final int STEPS_PER_CHARACTER = 4;
  private static final int DEEPEST = 1_000;

  private final String source;
  private final int[] text;

  /** Start and end of each group, from 2; -1 if it has not taken part. */
  private final int[] captures;

  private long steps;
  private int depth;

  /** What has to match after the current part. */
  @FunctionalInterface
  private interface Rest {
    boolean matches(int at);
  }

  private Backtracker(String source, int groups, int[] text) {
    this.source = source;
    this.text = text;
    this.captures = new int[2 * groups + 2];
    this.steps = STEPS + (long) STEPS_PER_CHARACTER * text.length;
  }

  /** Whether the pattern occurs in the text. */
  static boolean find(String source, RegexParser.Parsed parsed, String text) {
    return new Backtracker(source, parsed.groups(), text.codePoints().toArray())
        .find(parsed.node());
  }

  private boolean find(Node root) {
    boolean anchored =
        root instanceof Node.Start
            || (root instanceof Node.Seq(List<Node> parts)
                && !parts.isEmpty()
                && parts.getFirst() instanceof Node.Start);
    for (int from = 0; from <= (anchored ? 0 : text.length); from++) {
      Arrays.fill(captures, -1);
      if (match(root, from, true, _ -> true)) {
        return true;
      }
    }
    return false;
  }

  private boolean match(Node node, int at, boolean forward, Rest rest) {
    spend();
    if (++depth > DEEPEST) {
      throw new CostException(source, text.length);
    }
    boolean found =
        switch (node) {
          case Node.Chars(CodePoints set) -> {
            int next = step(set, at, forward);
            yield next >= 0 && rest.matches(next);
          }
          case Node.Seq(List<Node> parts) -> sequence(parts, 0, at, forward, rest);
          case Node.Alt(List<Node> branches) -> {
            boolean any = false;
            for (int i = 0; i < branches.size() && !any; i++) {
              any = match(branches.get(i), at, forward, rest);
            }
            yield any;
          }
          case Node.Repeat repeat ->
              repeat.node() instanceof Node.Chars(CodePoints set)
                  ? run(repeat, set, at, forward, rest)
                  : repeat(repeat, 0, at, forward, rest);
          case Node.Group(Node inner, int index) -> group(inner, index, at, forward, rest);
          case Node.Back(int group) -> back(group, at, forward, rest);
          case Node.Start _ -> at == 0 && rest.matches(at);
          case Node.End _ -> at == text.length && rest.matches(at);
          case Node.Boundary(boolean negated) ->
              (isWord(at - 1) != isWord(at)) != negated && rest.matches(at);
          case Node.Look look -> look(look, at, rest);
        };
    depth--;
    return found;
  }

  private void spend() {
    if (--steps < 0) {
      throw new CostException(source, text.length);
    }
  }

  /** The position after one character of the set, or -1. */
  private int step(CodePoints set, int at, boolean forward) {
    if (forward) {
      return at < text.length && set.contains(text[at]) ? at + 1 : -1;
    }
    return at > 0 && set.contains(text[at - 1]) ? at - 1 : -1;
  }

  private boolean sequence(List<Node> parts, int done, int at, boolean forward, Rest rest) {
    if (done == parts.size()) {
      return rest.matches(at);
    }
    Node part = parts.get(forward ? done : parts.size() - 1 - done);
    return match(part, at, forward, next -> sequence(parts, done + 1, next, forward, rest));
  }

  /** Repeats one character without a call for each. */
  private boolean run(Node.Repeat repeat, CodePoints set, int at, boolean forward, Rest rest) {
    int unit = forward ? 1 : -1;
    int most = 0;
    int fewest = repeat.min();
    int limit = repeat.greedy() ? repeat.max() : fewest;
    while (most < limit && step(set, at + unit * most, forward) >= 0) {
      spend();
      most++;
    }
    if (most < fewest) {
      return false;
    }
    if (repeat.greedy()) {
      for (int n = most; n >= fewest; n--) {
        spend();
        if (rest.matches(at + unit * n)) {
          return true;
        }
      }
      return false;
    }
    for (int n = fewest; ; n++) {
      spend();
      if (rest.matches(at + unit * n)) {
        return true;
      }
      if (n >= repeat.max() || step(set, at + unit * n, forward) < 0) {
        return false;
      }
    }
  }

  private boolean repeat(Node.Repeat repeat, int done, int at, boolean forward, Rest rest) {
    Rest again =
        next -> {
          // A round that takes nothing, beyond the fewest, would go on for ever.
          boolean idle = next == at && done >= repeat.min();
          return !idle && repeat(repeat, done + 1, next, forward, rest);
        };
    if (done < repeat.min()) {
      return match(repeat.node(), at, forward, again);
    }
    if (done >= repeat.max()) {
      return rest.matches(at);
    }
    return repeat.greedy()
        ? match(repeat.node(), at, forward, again) || rest.matches(at)
        : rest.matches(at) || match(repeat.node(), at, forward, again);
  }

  private boolean group(Node inner, int index, int at, boolean forward, Rest rest) {
    int start = captures[2 * index];
    int end = captures[2 * index + 1];
    boolean found =
        match(
            inner,
            at,
            forward,
            next -> {
              int innerStart = captures[2 * index];
              int innerEnd = captures[2 * index + 1];
              captures[2 * index] = Math.min(at, next);
              captures[2 * index + 1] = Math.max(at, next);
              if (rest.matches(next)) {
                return true;
              }
              captures[2 * index] = innerStart;
              captures[2 * index + 1] = innerEnd;
              return false;
            });
    if (!found) {
      captures[2 * index] = start;
      captures[2 * index + 1] = end;
    }
    return found;
  }

  private boolean back(int group, int at, boolean forward, Rest rest) {
    int start = captures[2 * group];
    if (start < 0) {
      return rest.matches(at);
    }
    int length = captures[2 * group + 1] - start;
    int from = forward ? at : at - length;
    if (from < 0 || from + length > text.length) {
      return false;
    }
    steps -= length;
    return Arrays.equals(text, start, start + length, text, from, from + length)
        && rest.matches(forward ? at + length : from);
  }

  private boolean look(Node.Look look, int at, Rest rest) {
    int[] before = captures.clone();
    boolean seen = match(look.node(), at, look.ahead(), _ -> true);
    if (seen == look.negated()) {
      System.arraycopy(before, 0, captures, 0, before.length);
      return false;
    }
    if (rest.matches(at)) {
      return true;
    }
    System.arraycopy(before, 0, captures, 0, before.length);
    return false;
  }

  private boolean isWord(int at) {
    return at >= 0 && at < text.length && CharacterClasses.WORD.contains(text[at]);
  }
}
