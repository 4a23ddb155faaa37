package dev.troth.server.auth;

import java.util.Locale;

/** What a caller may do; each role may do all that the ones before it may. */
public enum Role {
  /** Reads everything that is not another user's own. */
  READER,
  /** Also writes: records, events, and watches of their own. */
  MEMBER,
  /** Also acts for other users, and manages tokens, sources and configuration. */
  ADMIN;

  /** Whether this role may do what needs the other. */
  public boolean includes(Role needed) {
    return compareTo(needed) >= 0;
  }

  /** Reads the name as it is written outside: {@code reader}, {@code member}, {@code admin}. */
  public static Role parse(String text) {
    for (Role role : values()) {
      if (role.toString().equals(text)) {
        return role;
      }
    }
    throw new IllegalArgumentException("role is '" + text + "', expected reader, member or admin");
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
