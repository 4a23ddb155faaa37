package dev.troth.observe.span;

import java.util.HashMap;
import java.util.Map;

/**
 * Names that others choose, such as methods and tables: the first so many stand for themselves, all
 * others for {@code other}. Not thread-safe.
 */
final class Names {
  private static final int LONGEST = 120;

  private final int most;
  private final Map<String, String> known = new HashMap<>();

  Names(int most) {
    this.most = most;
  }

  String known(String name) {
    String same = known.get(name);
    if (same != null) {
      return same;
    }
    if (name.length() > LONGEST || known.size() >= most) {
      return Labels.OTHER;
    }
    known.put(name, name);
    return name;
  }
}
