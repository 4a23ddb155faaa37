package dev.troth.contracts.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** A set of Unicode code points as sorted ranges that neither touch nor overlap. */
final class CodePoints {
  static final CodePoints NONE = new CodePoints(new int[0]);
  static final CodePoints ALL = range(0, Character.MAX_CODE_POINT);

  /** First and last of each range, in turn. */
  private final int[] bounds;

  private CodePoints(int[] bounds) {
    this.bounds = bounds;
  }

  static CodePoints range(int first, int last) {
    return new CodePoints(new int[] {first, last});
  }

  static CodePoints of(int... codePoints) {
    return union(Arrays.stream(codePoints).mapToObj(c -> range(c, c)).toList());
  }

  static CodePoints where(IntPredicate test) {
    List<CodePoints> ranges = new ArrayList<>();
    int start = -1;
    for (int c = 0; c <= Character.MAX_CODE_POINT + 1; c++) {
      boolean in = c <= Character.MAX_CODE_POINT && test.test(c);
      if (in && start < 0) {
        start = c;
      } else if (!in && start >= 0) {
        ranges.add(range(start, c - 1));
        start = -1;
      }
    }
    return union(ranges);
  }

  static CodePoints union(List<CodePoints> sets) {
    List<int[]> ranges = new ArrayList<>();
    for (CodePoints set : sets) {
      for (int i = 0; i < set.bounds.length; i += 2) {
        ranges.add(new int[] {set.bounds[i], set.bounds[i + 1]});
      }
    }
    ranges.sort(Comparator.comparingInt(range -> range[0]));
    int[] bounds = new int[ranges.size() * 2];
    int n = 0;
    for (int[] range : ranges) {
      if (n > 0 && range[0] <= bounds[n - 1] + 1) {
        bounds[n - 1] = Math.max(bounds[n - 1], range[1]);
      } else {
        bounds[n++] = range[0];
        bounds[n++] = range[1];
      }
    }
    return new CodePoints(Arrays.copyOf(bounds, n));
  }

  CodePoints negate() {
    List<CodePoints> gaps = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      if (bounds[i] > next) {
        gaps.add(range(next, bounds[i] - 1));
      }
      next = bounds[i + 1] + 1;
    }
    if (next <= Character.MAX_CODE_POINT) {
      gaps.add(range(next, Character.MAX_CODE_POINT));
    }
    return union(gaps);
  }

  boolean contains(int codePoint) {
    int at = Arrays.binarySearch(bounds, codePoint);
    return at >= 0 || (-at - 1) % 2 == 1;
  }

  int ranges() {
    return bounds.length / 2;
  }

  int first(int range) {
    return bounds[2 * range];
  }

  int last(int range) {
    return bounds[2 * range + 1];
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CodePoints set && Arrays.equals(bounds, set.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }
}
