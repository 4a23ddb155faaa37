package dev.troth.contracts.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A complete deterministic automaton over code points; state 0 is the start. Immutable as long as
 * nobody writes into its arrays.
 *
 * @param starts the first code point of each range, ascending from 0
 * @param classOf the class of each range
 * @param next per state and class the next state
 * @param accepts per state whether a text that ends there is accepted
 */
@SuppressWarnings("ArrayRecordComponent")
public record CharTable(int[] starts, int[] classOf, int[][] next, boolean[] accepts) {
  private static final int MOST_STATES = 4_000;
  private static final long MOST_WORK = 30_000_000;

  /** Whether the text, or the text read from its end, is accepted. */
  public boolean accepts(String text, boolean fromEnd) {
    int[] codePoints = text.codePoints().toArray();
    int state = 0;
    for (int i = 0; i < codePoints.length; i++) {
      int c = codePoints[fromEnd ? codePoints.length - 1 - i : i];
      state = next[state][classOf(c)];
    }
    return accepts[state];
  }

  /** The class of a code point. */
  int classOf(int codePoint) {
    int at = Arrays.binarySearch(starts, codePoint);
    return classOf[at >= 0 ? at : -at - 2];
  }

  /** The automaton of the same texts read the other way; none if it is too large. */
  public Optional<CharTable> reversed() {
    int classes = next[0].length;
    BitSet[][] before = new BitSet[classes][next.length];
    for (int state = 0; state < next.length; state++) {
      for (int c = 0; c < classes; c++) {
        int to = next[state][c];
        if (before[c][to] == null) {
          before[c][to] = new BitSet();
        }
        before[c][to].set(state);
      }
    }
    BitSet first = new BitSet();
    for (int state = 0; state < next.length; state++) {
      first.set(state, accepts[state]);
    }
    Map<BitSet, Integer> numbers = new HashMap<>(Map.of(first, 0));
    List<BitSet> sets = new ArrayList<>(List.of(first));
    List<int[]> rows = new ArrayList<>();
    long work = 0;
    for (int at = 0; at < sets.size(); at++) {
      int[] row = new int[classes];
      for (int c = 0; c < classes; c++) {
        BitSet to = new BitSet();
        BitSet from = sets.get(at);
        for (int i = from.nextSetBit(0); i >= 0; i = from.nextSetBit(i + 1)) {
          if (before[c][i] != null) {
            to.or(before[c][i]);
            work += 1 + (next.length >> 6);
          }
        }
        Integer known = numbers.putIfAbsent(to, sets.size());
        row[c] = known == null ? sets.size() : known;
        if (known == null) {
          sets.add(to);
        }
      }
      rows.add(row);
      if (sets.size() > MOST_STATES || work > MOST_WORK) {
        return Optional.empty();
      }
    }
    boolean[] accepting = new boolean[sets.size()];
    for (int i = 0; i < accepting.length; i++) {
      accepting[i] = sets.get(i).get(0);
    }
    return Optional.of(new CharTable(starts, classOf, rows.toArray(int[][]::new), accepting));
  }
}
