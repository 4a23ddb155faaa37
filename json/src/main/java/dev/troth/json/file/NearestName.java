package dev.troth.json.file;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Suggests the known word that a misspelt one was meant to be. */
public final class NearestName {
  private NearestName() {}

  /**
   * The known word that is nearest, if one is near enough.
   *
   * @param most how many letters may be inserted, deleted or replaced
   */
  public static Optional<String> nearest(String word, Collection<String> known, int most) {
    return known.stream()
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
        .filter(candidate -> distance(word, candidate) <= most);
  }

  /** What a key of several words may differ by: two letters, or a third of it. */
  public static int allowance(String word) {
    return Math.max(2, word.length() / 3);
  }

  /** The least number of insertions, deletions and replacements (Levenshtein 1966). */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
