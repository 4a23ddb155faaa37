package dev.troth.contracts.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A deterministic automaton over UTF-8 bytes that tells in one pass, one table step a byte, whether
 * a pattern occurs in a text.
 *
 * <p>A state is the place of its row in the table, so that a step is one addition and one look; a
 * row holds the next state for each class of bytes, and last whether the state accepts at the end.
 * The first row never matches any more, the second has matched whatever follows.
 */
public final class Dfa {
  /** The state from which nothing matches any more. */
  public static final int DEAD = 0;

  private static final int FOUND = 1;

  private static final int MOST_STATES = 4_000;
  private static final long MOST_WORK = 30_000_000;

  private final byte[] classOf;
  private final int classes;
  private final int[] table;
  private final int start;

  /** The row of {@link #FOUND}. */
  private final int found;

  /** Start and end are one place in the empty text: {@code $^} matches it and nothing else. */
  private final boolean acceptsEmpty;

  private Dfa(byte[] classOf, int classes, int[] table, int start, boolean acceptsEmpty) {
    this.acceptsEmpty = acceptsEmpty;
    this.classOf = classOf;
    this.classes = classes;
    this.table = table;
    this.start = start;
    this.found = FOUND * (classes + 1);
  }

  /** Whether the pattern occurs in these bytes, which are valid UTF-8. */
  public boolean find(byte[] utf8, int from, int to) {
    if (from == to) {
      return acceptsEmpty;
    }
    int state = start;
    for (int i = from; i < to; i++) {
      if (state <= found) {
        return state == found;
      }
      state = table[state + (classOf[utf8[i] & 0xff] & 0xff)];
    }
    return accepts(state);
  }

  /** The state before any byte. */
  public int start() {
    return start;
  }

  /** The state after one more byte (0 to 255). */
  public int next(int state, int value) {
    return table[state + (classOf[value] & 0xff)];
  }

  /** Whether a text that ends in this state contains the pattern. */
  public boolean accepts(int state) {
    return table[state + classes] != 0;
  }

  /** The automaton of a tree; none if it is not regular or too large. */
  static Optional<Dfa> of(Node node) {
    try {
      return new Builder(ByteNfa.of(node)).build();
    } catch (ByteNfa.Unsuitable e) {
      return Optional.empty();
    }
  }

  /** Subset construction with a limit on states and on work. */
  private static final class Builder {
    private final ByteNfa nfa;
    private final byte[] classOf = new byte[256];
    private final int[] sample;
    private final Map<BitSet, Integer> numbers = new HashMap<>();
    private final List<BitSet> sets = new ArrayList<>();
    private final BitSet restart;
    private final int[] stack;
    private long work;

    Builder(ByteNfa nfa) {
      this.nfa = nfa;
      stack = new int[2 * nfa.size + 2];
      sample = classes();
      restart = new BitSet();
      close(restart, nfa.start, false, false);
    }

    /** Groups bytes that no range tells apart; returns one byte of each group. */
    private int[] classes() {
      BitSet cuts = new BitSet(257);
      for (int i = 0; i < nfa.size; i++) {
        if (nfa.kind[i] == ByteNfa.BYTES) {
          cuts.set(nfa.low[i]);
          cuts.set(nfa.high[i] + 1);
        }
      }
      int[] samples = new int[256];
      int count = 0;
      for (int b = 0; b < 256; b++) {
        if (b == 0 || cuts.get(b)) {
          samples[count++] = b;
        }
        classOf[b] = (byte) (count - 1);
      }
      return Arrays.copyOf(samples, count);
    }

    Optional<Dfa> build() {
      BitSet dead = new BitSet();
      BitSet found = new BitSet();
      found.set(0);
      number(dead);
      number(found);
      BitSet first = new BitSet();
      close(first, nfa.start, true, false);
      int start = number(first);
      BitSet empty = new BitSet();
      close(empty, nfa.start, true, true);
      int classes = sample.length;
      int row = classes + 1;
      int[] table = new int[64 * row];
      Arrays.fill(table, FOUND * row, FOUND * row + classes, FOUND * row);
      for (int state = FOUND + 1; state < sets.size(); state++) {
        if (sets.size() > MOST_STATES || work > MOST_WORK) {
          return Optional.empty();
        }
        if ((state + 1) * row > table.length) {
          table = Arrays.copyOf(table, table.length * 2);
        }
        for (int k = 0; k < classes; k++) {
          table[state * row + k] = number(step(sets.get(state), sample[k])) * row;
        }
      }
      table = Arrays.copyOf(table, sets.size() * row);
      boolean[] accepts = accepting();
      for (int state = 0; state < accepts.length; state++) {
        table[state * row + classes] = accepts[state] ? 1 : 0;
      }
      return Optional.of(new Dfa(classOf, classes, table, start * row, empty.get(0)));
    }

    private boolean[] accepting() {
      boolean[] accepts = new boolean[sets.size()];
      accepts[FOUND] = true;
      for (int state = FOUND + 1; state < accepts.length; state++) {
        BitSet atEnd = new BitSet();
        BitSet set = sets.get(state);
        for (int i = set.nextSetBit(0); i >= 0; i = set.nextSetBit(i + 1)) {
          close(atEnd, i, false, true);
        }
        // A pattern such as ^$ may also begin at the end of an empty text: start is in the set.
        close(atEnd, nfa.start, false, true);
        accepts[state] = atEnd.get(0);
      }
      return accepts;
    }

    private BitSet step(BitSet from, int value) {
      BitSet to = (BitSet) restart.clone();
      for (int i = from.nextSetBit(0); i >= 0; i = from.nextSetBit(i + 1)) {
        work++;
        if (nfa.kind[i] == ByteNfa.BYTES && nfa.low[i] <= value && value <= nfa.high[i]) {
          close(to, nfa.next[i], false, false);
        }
      }
      return to;
    }

    /** The number of a set; every set that contains the accepting state is FOUND. */
    private int number(BitSet set) {
      if (set.get(0)) {
        set = new BitSet();
        set.set(0);
      }
      Integer known = numbers.get(set);
      if (known != null) {
        return known;
      }
      numbers.put(set, sets.size());
      sets.add(set);
      return sets.size() - 1;
    }

    /** Adds a state and all that it reaches without a byte; waiting ENDs are kept as members. */
    private void close(BitSet set, int state, boolean atStart, boolean atEnd) {
      int top = 0;
      stack[top++] = state;
      while (top > 0) {
        int i = stack[--top];
        // At the end, an END that waits in the set must be passed, so membership is no proof.
        if (set.get(i)) {
          continue;
        }
        work++;
        switch (nfa.kind[i]) {
          case ByteNfa.SPLIT -> {
            set.set(i);
            stack[top++] = nfa.other[i];
            stack[top++] = nfa.next[i];
          }
          case ByteNfa.START -> {
            if (atStart) {
              set.set(i);
              stack[top++] = nfa.next[i];
            }
          }
          case ByteNfa.END -> {
            set.set(i);
            if (atEnd) {
              stack[top++] = nfa.next[i];
            }
          }
          default -> set.set(i);
        }
      }
    }
  }
}
