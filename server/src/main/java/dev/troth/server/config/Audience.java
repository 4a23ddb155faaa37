package dev.troth.server.config;

import java.util.Locale;

/** Who may read of the subjects of a type. */
public enum Audience {
  EVERYBODY,
  /** The user to whom a subject belongs, and admins. */
  OWNER,
  ADMINS;

  /** Reads {@code everybody}, {@code owner} or {@code admins}. */
  static Audience parse(String text) {
    for (Audience audience : values()) {
      if (audience.toString().equals(text)) {
        return audience;
      }
    }
    throw new IllegalArgumentException();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
