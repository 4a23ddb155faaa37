package dev.troth.contracts.proof;

import dev.troth.contracts.pattern.CharTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A complete deterministic automaton over code points. Immutable. Surrogates are no characters of
 * JSON text: no member has one.
 */
final class Automaton {
  /** Accepts all texts. */
  static final Automaton ALL =
      new Automaton(new int[][] {{0}}, new int[][] {{0}}, new boolean[] {true});

  static final int MOST_STATES = 4_000;

  /** States looked at to find those that are alike: seconds. */
  private static final long MOST_WORK = 20_000_000;

  private static final int LAST_CODE_POINT = Character.MAX_CODE_POINT;

  /** Per state the first code point of each of its ranges, ascending from 0. */
  private final int[][] starts;

  /** Per state the state that each range leads to. */
  private final int[][] targets;

  private final boolean[] accepting;

  Automaton(int[][] starts, int[][] targets, boolean[] accepting) {
    this.starts = starts;
    this.targets = targets;
    this.accepting = accepting;
  }

  /** Accepts these texts alone. */
  static Automaton of(Collection<String> texts) {
    Trie trie = new Trie();
    texts.forEach(trie::add);
    return trie.automaton();
  }

  /** Accepts what the table accepts. */
  static Automaton of(CharTable table) {
    int n = table.next().length;
    int[][] starts = new int[n][];
    int[][] targets = new int[n][];
    for (int state = 0; state < n; state++) {
      starts[state] = table.starts();
      targets[state] = new int[table.starts().length];
      for (int r = 0; r < targets[state].length; r++) {
        targets[state][r] = table.next()[state][table.classOf()[r]];
      }
    }
    return new Automaton(starts, targets, table.accepts()).minimal();
  }

  /** All texts of {@code min} to {@code max} code points. */
  static Automaton ofLength(int min, int max) {
    boolean bounded = max != Formula.Size.UNLIMITED;
    int n = bounded ? max + 2 : min + 1;
    if (n <= 0 || n > MOST_STATES) {
      throw new Language.TooLarge();
    }
    int[][] starts = new int[n][];
    int[][] targets = new int[n][];
    boolean[] accepting = new boolean[n];
    for (int i = 0; i < n; i++) {
      starts[i] = new int[] {0};
      targets[i] = new int[] {Math.min(i + 1, n - 1)};
      accepting[i] = i >= min && (!bounded || i <= max);
    }
    return new Automaton(starts, targets, accepting);
  }

  boolean accepts(String text) {
    int state = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      state = step(state, c);
      i += Character.charCount(c);
    }
    return accepting[state];
  }

  private int step(int state, int c) {
    int at = Arrays.binarySearch(starts[state], c);
    return targets[state][at >= 0 ? at : -at - 2];
  }

  Automaton not() {
    boolean[] flipped = new boolean[accepting.length];
    for (int i = 0; i < flipped.length; i++) {
      flipped[i] = !accepting[i];
    }
    return new Automaton(starts, targets, flipped);
  }

  Automaton and(Automaton other) {
    return this == ALL ? other : other == ALL ? this : product(other);
  }

  private Automaton product(Automaton other) {
    Map<Long, Integer> numbers = new HashMap<>();
    List<long[]> pairs = new ArrayList<>();
    List<int[]> newStarts = new ArrayList<>();
    List<int[]> newTargets = new ArrayList<>();
    numbers.put(0L, 0);
    pairs.add(new long[] {0, 0});
    for (int at = 0; at < pairs.size(); at++) {
      int a = (int) pairs.get(at)[0];
      int b = (int) pairs.get(at)[1];
      int[] merged = merge(starts[a], other.starts[b]);
      Work.spend(merged.length);
      int[] to = new int[merged.length];
      for (int i = 0; i < merged.length; i++) {
        int ta = step(a, merged[i]);
        int tb = other.step(b, merged[i]);
        long key = ((long) ta << 32) | tb;
        Integer number = numbers.get(key);
        if (number == null) {
          number = pairs.size();
          if (number >= MOST_STATES) {
            throw new Language.TooLarge();
          }
          numbers.put(key, number);
          pairs.add(new long[] {ta, tb});
        }
        to[i] = number;
      }
      newStarts.add(merged);
      newTargets.add(to);
    }
    boolean[] accept = new boolean[pairs.size()];
    for (int i = 0; i < accept.length; i++) {
      boolean a = accepting[(int) pairs.get(i)[0]];
      boolean b = other.accepting[(int) pairs.get(i)[1]];
      accept[i] = a && b;
    }
    return new Automaton(newStarts.toArray(int[][]::new), newTargets.toArray(int[][]::new), accept)
        .minimal();
  }

  /** Both of two ascending rows, each number once. */
  private static int[] merge(int[] a, int[] b) {
    int[] merged = new int[a.length + b.length];
    int size = 0;
    int i = 0;
    int j = 0;
    while (i < a.length || j < b.length) {
      int next = j == b.length || (i < a.length && a[i] <= b[j]) ? a[i] : b[j];
      i += i < a.length && a[i] == next ? 1 : 0;
      j += j < b.length && b[j] == next ? 1 : 0;
      merged[size++] = next;
    }
    return Arrays.copyOf(merged, size);
  }

  /** What tells states of one block apart: the blocks that their ranges lead to. */
  private record Signature(int[] row) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Signature signature && Arrays.equals(row, signature.row);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(row);
    }
  }

  private Signature signature(int state, int[] block) {
    int[] row = new int[1 + 2 * starts[state].length];
    int size = 0;
    row[size++] = block[state];
    int last = -1;
    for (int r = 0; r < starts[state].length; r++) {
      int target = block[targets[state][r]];
      if (target != last) {
        row[size++] = starts[state][r];
        row[size++] = target;
        last = target;
      }
    }
    return new Signature(Arrays.copyOf(row, size));
  }

  /** The same texts with the fewest states (Moore's refinement), adjacent ranges joined. */
  Automaton minimal() {
    int n = accepting.length;
    int[] block = new int[n];
    for (int i = 0; i < n; i++) {
      block[i] = accepting[i] ? 1 : 0;
    }
    int blocks = -1;
    long work = 0;
    while (true) {
      work += n;
      Work.spend(n);
      if (work > MOST_WORK) {
        throw new Language.TooLarge();
      }
      Map<Signature, Integer> signatures = new HashMap<>();
      int[] next = new int[n];
      for (int i = 0; i < n; i++) {
        Signature signature = signature(i, block);
        Integer known = signatures.putIfAbsent(signature, signatures.size());
        next[i] = known == null ? signatures.size() - 1 : known;
      }
      block = next;
      if (signatures.size() == blocks) {
        break;
      }
      blocks = signatures.size();
    }
    return joined(block, blocks);
  }

  private Automaton joined(int[] block, int blocks) {
    // The start state stays number 0.
    int[] number = new int[blocks];
    Arrays.fill(number, -1);
    int used = 0;
    int[] representative = new int[blocks];
    for (int i = 0; i < block.length; i++) {
      if (number[block[i]] < 0) {
        representative[used] = i;
        number[block[i]] = used++;
      }
    }
    int[][] newStarts = new int[used][];
    int[][] newTargets = new int[used][];
    boolean[] accept = new boolean[used];
    for (int b = 0; b < used; b++) {
      int state = representative[b];
      accept[b] = accepting[state];
      List<Integer> s = new ArrayList<>();
      List<Integer> t = new ArrayList<>();
      for (int r = 0; r < starts[state].length; r++) {
        int target = number[block[targets[state][r]]];
        if (t.isEmpty() || t.getLast() != target) {
          s.add(starts[state][r]);
          t.add(target);
        }
      }
      newStarts[b] = s.stream().mapToInt(Integer::intValue).toArray();
      newTargets[b] = t.stream().mapToInt(Integer::intValue).toArray();
    }
    return new Automaton(newStarts, newTargets, accept);
  }

  boolean isEmpty() {
    Work.spend(accepting.length);
    boolean[] reached = new boolean[accepting.length];
    Deque<Integer> waiting = new ArrayDeque<>(List.of(0));
    reached[0] = true;
    while (!waiting.isEmpty()) {
      int state = waiting.pop();
      if (accepting[state]) {
        return false;
      }
      for (int r = 0; r < starts[state].length; r++) {
        int target = targets[state][r];
        if (!reached[target] && hasLetters(state, r)) {
          reached[target] = true;
          waiting.push(target);
        }
      }
    }
    return true;
  }

  /**
   * Members in order of length, at most so many; fewer only if there are no more.
   *
   * @param min the least number of code points
   * @param max the greatest number of code points
   */
  List<String> words(int min, OptionalInt max, int most) {
    int n = accepting.length;
    // A set whose shortest word of at least `min` is longer than min + n is empty from there on,
    // and every n further lengths hold another word if the set is infinite.
    long until = (long) min + (long) n * (most + 1);
    int last = (int) Math.min(until, max.orElse(Integer.MAX_VALUE));
    if ((long) last * n > 40_000_000L) {
      throw new Language.TooLarge();
    }
    List<String> words = new ArrayList<>();
    List<boolean[]> alive = new ArrayList<>();
    alive.add(accepting);
    for (int length = 0; length <= last && words.size() < most; length++) {
      while (alive.size() <= length) {
        Work.spend(n);
        alive.add(before(alive.getLast()));
      }
      if (!any(alive.get(length))) {
        // No word is longer than the longest.
        break;
      }
      if (length >= min && alive.get(length)[0]) {
        collect(0, length, alive, new StringBuilder(), words, most);
      }
    }
    return words;
  }

  private static boolean any(boolean[] set) {
    for (boolean member : set) {
      if (member) {
        return true;
      }
    }
    return false;
  }

  /** The states from which one character leads into the set. */
  private boolean[] before(boolean[] set) {
    boolean[] result = new boolean[set.length];
    for (int state = 0; state < result.length; state++) {
      for (int r = 0; r < starts[state].length && !result[state]; r++) {
        result[state] = set[targets[state][r]] && hasLetters(state, r);
      }
    }
    return result;
  }

  private void collect(
      int state,
      int length,
      List<boolean[]> alive,
      StringBuilder prefix,
      List<String> words,
      int most) {
    if (length == 0) {
      words.add(prefix.toString());
      return;
    }
    int wanted = most - words.size();
    TreeSet<int[]> steps = new TreeSet<>((a, b) -> Letters.compare(a[0], b[0]));
    for (int r = 0; r < starts[state].length; r++) {
      if (alive.get(length - 1)[targets[state][r]]) {
        for (int c : pick(state, r, wanted)) {
          steps.add(new int[] {c, targets[state][r]});
        }
      }
    }
    for (int[] step : steps) {
      if (words.size() >= most) {
        return;
      }
      int mark = prefix.length();
      prefix.appendCodePoint(step[0]);
      collect(step[1], length - 1, alive, prefix, words, most);
      prefix.setLength(mark);
    }
  }

  /** Whether a range has more than surrogates. */
  private boolean hasLetters(int state, int range) {
    return starts[state][range] < Character.MIN_SURROGATE
        || last(state, range) > Character.MAX_SURROGATE;
  }

  private int last(int state, int range) {
    int next = range + 1;
    return next < starts[state].length ? starts[state][next] - 1 : LAST_CODE_POINT;
  }

  /** The characters of one range that read best, at most so many. */
  private int[] pick(int state, int range, int most) {
    return Letters.pick(starts[state][range], last(state, range), most);
  }
}
