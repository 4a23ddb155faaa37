package dev.troth.contracts.proof;

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

/**
 * A regular set of texts, as a complete deterministic automaton over code points. Immutable.
 * Surrogates are no characters of JSON text: no member has one.
 */
final class Language {
  /** All texts. */
  static final Language ALL =
      new Language(new int[][] {{0}}, new int[][] {{0}}, new boolean[] {true});

  /** No text. */
  static final Language NONE =
      new Language(new int[][] {{0}}, new int[][] {{0}}, new boolean[] {false});

  static final int MOST_STATES = 4_000;
  static final int LAST_CODE_POINT = Character.MAX_CODE_POINT;

  /** Per state the first code point of each of its ranges, ascending from 0. */
  private final int[][] starts;

  /** Per state the state that each range leads to. */
  private final int[][] targets;

  private final boolean[] accepting;

  Language(int[][] starts, int[][] targets, boolean[] accepting) {
    this.starts = starts;
    this.targets = targets;
    this.accepting = accepting;
  }

  /** An automaton would need more than {@value #MOST_STATES} states. */
  static final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooLarge() {
      super("the automaton has more than " + MOST_STATES + " states", null, false, false);
    }
  }

  /** The language of these texts alone. */
  static Language of(Collection<String> texts) {
    Language all = NONE;
    for (String text : texts) {
      all = all.or(of(text));
    }
    return all;
  }

  /** The language of one text. */
  static Language of(String text) {
    int[] points = text.codePoints().toArray();
    int n = points.length;
    int sink = n + 1;
    int[][] starts = new int[n + 2][];
    int[][] targets = new int[n + 2][];
    boolean[] accepting = new boolean[n + 2];
    for (int i = 0; i < n; i++) {
      int c = points[i];
      if (c == 0) {
        starts[i] = new int[] {0, 1};
        targets[i] = new int[] {i + 1, sink};
      } else if (c == LAST_CODE_POINT) {
        starts[i] = new int[] {0, c};
        targets[i] = new int[] {sink, i + 1};
      } else {
        starts[i] = new int[] {0, c, c + 1};
        targets[i] = new int[] {sink, i + 1, sink};
      }
    }
    for (int end : new int[] {n, sink}) {
      starts[end] = new int[] {0};
      targets[end] = new int[] {sink};
    }
    accepting[n] = true;
    return new Language(starts, targets, accepting);
  }

  /** All texts of {@code min} to {@code max} code points. */
  static Language ofLength(int min, int max) {
    boolean bounded = max != Formula.Size.UNLIMITED;
    int n = bounded ? max + 2 : min + 1;
    if (n <= 0 || n > MOST_STATES) {
      throw new TooLarge();
    }
    int[][] starts = new int[n][];
    int[][] targets = new int[n][];
    boolean[] accepting = new boolean[n];
    for (int i = 0; i < n; i++) {
      starts[i] = new int[] {0};
      targets[i] = new int[] {Math.min(i + 1, n - 1)};
      accepting[i] = i >= min && (!bounded || i <= max);
    }
    return new Language(starts, targets, accepting);
  }

  boolean contains(String text) {
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

  Language not() {
    boolean[] flipped = new boolean[accepting.length];
    for (int i = 0; i < flipped.length; i++) {
      flipped[i] = !accepting[i];
    }
    return new Language(starts, targets, flipped);
  }

  Language and(Language other) {
    return this == ALL || other == NONE
        ? other
        : other == ALL || this == NONE ? this : product(other, true);
  }

  Language or(Language other) {
    return this == NONE || other == ALL
        ? other
        : other == NONE || this == ALL ? this : product(other, false);
  }

  Language minus(Language other) {
    return and(other.not());
  }

  private Language product(Language other, boolean both) {
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
      int[] to = new int[merged.length];
      for (int i = 0; i < merged.length; i++) {
        int ta = step(a, merged[i]);
        int tb = other.step(b, merged[i]);
        long key = ((long) ta << 32) | tb;
        Integer number = numbers.get(key);
        if (number == null) {
          number = pairs.size();
          if (number >= MOST_STATES) {
            throw new TooLarge();
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
      accept[i] = both ? a && b : a || b;
    }
    return new Language(newStarts.toArray(int[][]::new), newTargets.toArray(int[][]::new), accept)
        .minimal();
  }

  private static int[] merge(int[] a, int[] b) {
    int[] merged = new int[a.length + b.length];
    System.arraycopy(a, 0, merged, 0, a.length);
    System.arraycopy(b, 0, merged, a.length, b.length);
    return Arrays.stream(merged).sorted().distinct().toArray();
  }

  /** The same language with the fewest states (Moore's refinement), adjacent ranges joined. */
  Language minimal() {
    int n = accepting.length;
    int[] block = new int[n];
    for (int i = 0; i < n; i++) {
      block[i] = accepting[i] ? 1 : 0;
    }
    int blocks = -1;
    while (true) {
      Map<List<Integer>, Integer> signatures = new HashMap<>();
      int[] next = new int[n];
      for (int i = 0; i < n; i++) {
        List<Integer> signature = new ArrayList<>();
        signature.add(block[i]);
        int last = -1;
        for (int r = 0; r < starts[i].length; r++) {
          int target = block[targets[i][r]];
          if (target != last) {
            signature.add(starts[i][r]);
            signature.add(target);
            last = target;
          }
        }
        next[i] = signatures.computeIfAbsent(signature, s -> signatures.size());
      }
      block = next;
      if (signatures.size() == blocks) {
        break;
      }
      blocks = signatures.size();
    }
    return joined(block, blocks);
  }

  private Language joined(int[] block, int blocks) {
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
    return new Language(newStarts, newTargets, accept);
  }

  boolean isEmpty() {
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
        if (!reached[target] && pick(state, r, 1).length > 0) {
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
    // A set whose shortest word of at least `min` is longer than min + n is empty from there on;
    // and
    // every n further lengths hold another word if the set is infinite.
    long until = (long) min + (long) n * (most + 1);
    int last = (int) Math.min(until, max.orElse(Integer.MAX_VALUE));
    if ((long) last * n > 40_000_000L) {
      throw new TooLarge();
    }
    List<String> words = new ArrayList<>();
    List<boolean[]> alive = new ArrayList<>();
    alive.add(accepting);
    for (int length = 0; length <= last && words.size() < most; length++) {
      while (alive.size() <= length) {
        alive.add(before(alive.getLast()));
      }
      if (length >= min && alive.get(length)[0]) {
        collect(0, length, alive, new StringBuilder(), words, most);
      }
    }
    return words;
  }

  /** The states from which one character leads into the set. */
  private boolean[] before(boolean[] set) {
    boolean[] result = new boolean[set.length];
    for (int state = 0; state < result.length; state++) {
      for (int r = 0; r < starts[state].length && !result[state]; r++) {
        result[state] = set[targets[state][r]] && pick(state, r, 1).length > 0;
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
    TreeSet<int[]> steps =
        new TreeSet<>((a, b) -> rank(a[0]) != rank(b[0]) ? rank(a[0]) - rank(b[0]) : a[0] - b[0]);
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

  /** The characters of one range that read best, at most so many. */
  private int[] pick(int state, int range, int most) {
    int from = starts[state][range];
    int to = range + 1 < starts[state].length ? starts[state][range + 1] - 1 : LAST_CODE_POINT;
    int[] picked = new int[Math.min(most, to - from + 1)];
    int size = 0;
    for (int[] nice : NICE) {
      for (int c = Math.max(from, nice[0]);
          c <= Math.min(to, nice[1]) && size < picked.length;
          c++) {
        picked[size++] = c;
      }
    }
    return Arrays.copyOf(picked, size);
  }

  /** The order in which characters are tried; together all but the surrogates. */
  private static final int[][] NICE = {
    {'a', 'z'},
    {'0', '9'},
    {'A', 'Z'},
    {' ', '/'},
    {':', '@'},
    {'[', '`'},
    {'{', '~'},
    {0xA1, 0xD7FF},
    {0xE000, LAST_CODE_POINT},
    {0x7F, 0xA0},
    {0, 0x1F}
  };

  private static int rank(int c) {
    for (int i = 0; i < NICE.length; i++) {
      if (c >= NICE[i][0] && c <= NICE[i][1]) {
        return i;
      }
    }
    return NICE.length;
  }

  /** Whether the set has at most so many members. */
  boolean hasAtMost(int most) {
    return words(0, OptionalInt.empty(), most + 1).size() <= most;
  }
}
