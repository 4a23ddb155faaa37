package dev.troth.server.config;

import java.util.Comparator;
import java.util.List;

/** Which known name somebody may have meant. */
final class NearestName {
  private NearestName() {}

  /** {@code , did you mean http.listen?} or nothing if no name is near. */
  static String hint(String given, List<String> names) {
    return names.stream()
        .min(Comparator.comparingInt(name -> distance(given, name)))
        .filter(name -> distance(given, name) <= Math.max(2, name.length() / 3))
        .map(name -> ", did you mean " + name + "?")
        .orElse("");
  }

  /** The least number of insertions, deletions and replacements (Levenshtein 1966). */
  private static int distance(String a, String b) {
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[b.length()];
  }
}
