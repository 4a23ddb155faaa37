package dev.troth.watch;

import java.util.Locale;

/** How much of a target its watcher wishes to hear. */
public enum Level {
  /** Only what mentions the user ({@code @name} in a changed field). */
  NONE,
  /** What mentions the user, and changes of subjects the user changed before. */
  PARTICIPATING,
  /** Every change. */
  ALL,
  /** The change types that the wish lists. */
  CUSTOM,
  /** Nothing at all, not even what is critical; hides wider watches too. */
  IGNORE;

  public static Level parse(String text) {
    for (Level level : values()) {
      if (level.toString().equals(text)) {
        return level;
      }
    }
    throw new IllegalArgumentException(
        "level is '%s', expected none, participating, all, custom or ignore".formatted(text));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
