package dev.troth.contracts.proof;

import java.util.Arrays;
import java.util.Comparator;

/** In which order characters are tried, so that counterexamples can be read. */
final class Letters {
  /** Together all characters but the surrogates. */
  private static final int[][] NICE = {
    {'a', 'z'},
    {'0', '9'},
    {'A', 'Z'},
    {' ', '/'},
    {':', '@'},
    {'[', '`'},
    {'{', '~'},
    {0xA1, 0xD7FF},
    {0xE000, Character.MAX_CODE_POINT},
    {0x7F, 0xA0},
    {0, 0x1F}
  };

  /** Shorter texts first, then letter by letter. */
  static final Comparator<String> SHORTEST =
      (a, b) -> {
        int[] left = a.codePoints().toArray();
        int[] right = b.codePoints().toArray();
        if (left.length != right.length) {
          return left.length - right.length;
        }
        int at = Arrays.mismatch(left, right);
        return at < 0 ? 0 : compare(left[at], right[at]);
      };

  private Letters() {}

  static int compare(int a, int b) {
    return rank(a) != rank(b) ? rank(a) - rank(b) : a - b;
  }

  /** The best of the characters from one to another, at most so many. */
  static int[] pick(int from, int to, int most) {
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

  private static int rank(int c) {
    for (int i = 0; i < NICE.length; i++) {
      if (c >= NICE[i][0] && c <= NICE[i][1]) {
        return i;
      }
    }
    return NICE.length;
  }
}
