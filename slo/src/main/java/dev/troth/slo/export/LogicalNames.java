package dev.troth.slo.export;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Names of resources and parameters: letters and digits, each given once. */
final class LogicalNames {
  private final Set<String> taken = new HashSet<>();

  /** {@code orders-latency} and {@code Page} are {@code OrdersLatencyPage}. */
  String name(String... parts) {
    StringBuilder name = new StringBuilder();
    for (String part : parts) {
      for (String word : part.replaceAll("[^A-Za-z0-9]+", " ").strip().split(" ")) {
        if (!word.isEmpty()) {
          name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
        }
      }
    }
    if (name.isEmpty() || Character.isDigit(name.charAt(0))) {
      name.insert(0, 'X');
    }
    String unique = name.toString();
    for (int n = 2; !taken.add(unique); n++) {
      unique = name.toString() + 'N' + n;
    }
    return unique;
  }
}
