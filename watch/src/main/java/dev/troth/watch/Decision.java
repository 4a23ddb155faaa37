package dev.troth.watch;

import java.util.Locale;

/** Whether a user is told of a change, and by which rule. */
public sealed interface Decision {
  /** The user is told. */
  record Told(Reason reason) implements Decision {}

  /** The user is not told. */
  record Silent(Rule rule) implements Decision {}

  /** Why a user is not told. */
  enum Rule {
    /** No watch covered the subject when the change was written. */
    NO_WATCH,
    /** The most specific watch has the level {@code ignore}. */
    IGNORE,
    /** The user made the change. */
    OWN_CHANGE,
    /** The watch's filter does not hold. */
    FILTER,
    /** The watch was muted then. */
    MUTED,
    /** The watch tells of mentions alone. */
    NOT_MENTIONED,
    /** The watch does not list the change's type. */
    OTHER_TYPE,
    /** The watch tells of subjects that the user changed before. */
    NOT_PARTICIPATING;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
