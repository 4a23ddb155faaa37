package dev.troth.slo.rules;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Patterns of label matchers, in the syntax and meaning of RE2, which Prometheus reads: a text fits
 * as a whole, in time that grows with its length alone.
 */
final class LabelPattern {
  /** So often may nested repetitions repeat in all, as in RE2. */
  private static final int MOST_REPEATS = 1_000;

  private LabelPattern() {}

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException with the reason, if Prometheus refuses it too
   */
  static Pattern of(String text) {
    if (repeats(text) > MOST_REPEATS) {
      throw new IllegalArgumentException(
          "nested repetitions repeat more than %,d times".formatted(MOST_REPEATS));
    }
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException wrong) {
      throw new IllegalArgumentException(wrong.getDescription(), wrong);
    }
  }

  /** The largest product of counts that stand inside each other. */
  private static long repeats(String text) {
    Deque<Long> open = new ArrayDeque<>();
    long inside = 1;
    long before = 1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
        before = 1;
      } else if (c == '[') {
        int end = text.indexOf(']', i + (text.startsWith("[^]", i) ? 3 : 2));
        i = end < 0 ? text.length() : end;
        before = 1;
      } else if (c == '(') {
        open.push(inside);
        inside = 1;
        before = 1;
      } else if (c == ')') {
        before = inside;
        inside = Math.max(inside, open.isEmpty() ? 1 : open.pop());
      } else if (c == '{') {
        int end = text.indexOf('}', i);
        before = Math.min(Integer.MAX_VALUE, before * count(text, i + 1, end));
        i = end < 0 ? i : end;
      } else {
        before = 1;
      }
      inside = Math.max(inside, before);
    }
    return inside;
  }

  /** The largest number of a count such as {@code {2,5}}; one if it is none. */
  private static long count(String text, int from, int end) {
    long largest = 1;
    long number = 0;
    for (int i = from; i < end; i++) {
      char c = text.charAt(i);
      if (c == ',') {
        number = 0;
      } else if (c >= '0' && c <= '9') {
        number = Math.min(Integer.MAX_VALUE, number * 10 + c - '0');
        largest = Math.max(largest, number);
      } else {
        return 1;
      }
    }
    return largest;
  }
}
