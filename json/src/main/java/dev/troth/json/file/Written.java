package dev.troth.json.file;

import java.util.Map;

/**
 * What a file of YAML says beyond the values of JSON, by JSON Pointer.
 *
 * @param scalars numbers, {@code true}, {@code false} and null as somebody wrote them: {@code 007}
 * @param keys {@code line:column} of the key of each member
 */
record Written(Map<String, String> scalars, Map<String, String> keys) {
  static final Written NONE = new Written(Map.of(), Map.of());

  Written {
    scalars = Map.copyOf(scalars);
    keys = Map.copyOf(keys);
  }
}
