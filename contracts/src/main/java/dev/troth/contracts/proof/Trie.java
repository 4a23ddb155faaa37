package dev.troth.contracts.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Builds the automaton of a list of texts: a tree of their beginnings, and a sink. */
final class Trie {
  private static final int SINK = 1;

  private final List<TreeMap<Integer, Integer>> branches = new ArrayList<>();
  private final List<Boolean> ends = new ArrayList<>();

  Trie() {
    state();
    state();
  }

  private int state() {
    if (branches.size() >= Automaton.MOST_STATES) {
      throw new Language.TooLarge();
    }
    branches.add(new TreeMap<>());
    ends.add(false);
    return branches.size() - 1;
  }

  void add(String text) {
    int at = 0;
    for (int c : text.codePoints().toArray()) {
      Integer next = branches.get(at).get(c);
      if (next == null) {
        next = state();
        branches.get(at).put(c, next);
      }
      at = next;
    }
    ends.set(at, true);
  }

  Automaton automaton() {
    int n = branches.size();
    int[][] starts = new int[n][];
    int[][] targets = new int[n][];
    boolean[] accepting = new boolean[n];
    for (int i = 0; i < n; i++) {
      accepting[i] = ends.get(i);
      List<int[]> ranges = new ArrayList<>();
      int next = 0;
      for (var branch : branches.get(i).entrySet()) {
        if (branch.getKey() > next) {
          ranges.add(new int[] {next, SINK});
        }
        ranges.add(new int[] {branch.getKey(), branch.getValue()});
        next = branch.getKey() + 1;
      }
      if (next <= Character.MAX_CODE_POINT) {
        ranges.add(new int[] {next, SINK});
      }
      starts[i] = ranges.stream().mapToInt(range -> range[0]).toArray();
      targets[i] = ranges.stream().mapToInt(range -> range[1]).toArray();
    }
    return new Automaton(starts, targets, accepting);
  }
}
