package dev.troth.server.registry.schema;

import java.util.Locale;

/** What a subject, a context or the registry takes; clients call it its mode. */
public enum Usage {
  READWRITE,
  READONLY,
  /** Of the registry: nothing is written, whatever a subject says. */
  READONLY_OVERRIDE,
  /** Versions come with the ids that they have elsewhere, and are not compared. */
  IMPORT;

  public static Usage named(String text) {
    for (Usage usage : values()) {
      if (usage.name().equals(text.toUpperCase(Locale.ROOT))) {
        return usage;
      }
    }
    throw RegistryException.invalidMode(text);
  }

  public boolean readOnly() {
    return this == READONLY || this == READONLY_OVERRIDE;
  }
}
