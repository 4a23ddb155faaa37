package dev.troth.watch;

import java.util.Locale;

/** Why a user was told. */
public enum Reason {
  /** A changed field says {@code @user}. */
  MENTION,
  /** The user changed this subject before. */
  PARTICIPATING,
  /** The change is critical and passed a mute. */
  CRITICAL,
  /** The user watches this very subject. */
  SUBSCRIBED,
  /** The user watches a collection that the subject is in, or everything. */
  COLLECTION;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
