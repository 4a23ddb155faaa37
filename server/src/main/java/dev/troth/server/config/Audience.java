package dev.troth.server.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Who may read of the subjects of a type. */
public enum Audience {
  EVERYBODY,
  /** The user to whom a subject belongs, and admins. */
  OWNER,
  ADMINS;

  /** Types whose subjects have routes and pages of their own, open to every reader. */
  private static final List<String> PUBLIC =
      List.of("agent", "contract", "incident", "record", "registry", "slo");

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

  /** Who may read of the subjects of a type, where it is not the usual. */
  static Map<String, Audience> byType(Settings settings, List<String> errors) {
    Map<String, Audience> visibility = new LinkedHashMap<>();
    for (String text : settings.get(Keys.VISIBILITY)) {
      String[] parts = text.split("=", 2);
      try {
        if (parts.length < 2 || !parts[0].matches("[a-z][a-z0-9_-]{0,63}")) {
          throw new IllegalArgumentException();
        }
        Audience audience = parse(parts[1]);
        if (PUBLIC.contains(parts[0]) && audience != Audience.EVERYBODY) {
          errors.add(
              "%s: has '%s' (%s), but every reader may read a %s itself; expected another type than %s"
                  .formatted(
                      Keys.VISIBILITY.name(),
                      text,
                      settings.source(Keys.VISIBILITY),
                      parts[0],
                      String.join(", ", PUBLIC)));
        }
        visibility.put(parts[0], audience);
      } catch (IllegalArgumentException e) {
        errors.add(
            "%s: has '%s' (%s), expected type=everybody, type=owner or type=admins"
                .formatted(Keys.VISIBILITY.name(), text, settings.source(Keys.VISIBILITY)));
      }
    }
    return visibility;
  }
}
