package dev.troth.contracts.schema;

import java.util.Locale;
import java.util.Optional;

/** The types of JSON Schema's {@code type}. */
public enum JsonType {
  NULL,
  BOOLEAN,
  INTEGER,
  NUMBER,
  STRING,
  ARRAY,
  OBJECT;

  /** The type of that name, as schemas write it. */
  public static Optional<JsonType> named(String name) {
    for (JsonType type : values()) {
      if (type.toString().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
