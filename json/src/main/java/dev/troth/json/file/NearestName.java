package dev.troth.json.file;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Suggests the known word that a misspelt one was meant to be. */
public final class NearestName {
  private NearestName() {}

  /** The known word that is at most two letters away. */
  public static Optional<String> nearest(String word, List<String> known) {
    return known.stream()
        .filter(candidate -> distance(word, candidate) <= 2)
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)));
  }

  /** Levenshtein's distance. */
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
