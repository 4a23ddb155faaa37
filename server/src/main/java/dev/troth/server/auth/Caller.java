package dev.troth.server.auth;

import dev.troth.server.error.DomainException;
import java.util.Set;

/**
 * Who sends a request.
 *
 * @param user the name by which watches and changes know them
 * @param role what they may do
 * @param development whether nobody has logged in: on loopback without authentication every caller
 *     is the developer, and this says so
 */
public record Caller(String user, Role role, boolean development) {
  /** The caller of every request while authentication is off. */
  public static final Caller DEVELOPER = new Caller("developer", Role.ADMIN, true);

  /** By whom the platform's own changes say that they were made. */
  private static final Set<String> PLATFORM =
      Set.of("watch", "slo", "observe", "oncall", "auth.openid");

  private static final int LONGEST = 200;

  public Caller {
    if (!isUser(user)) {
      throw new IllegalArgumentException(refusal("user", user, LONGEST));
    }
  }

  /** Whether a user can have this name. */
  public static boolean isUser(String name) {
    return !name.isEmpty()
        && name.length() <= LONGEST
        && name.equals(name.strip())
        && !name.equals("*")
        && name.chars().noneMatch(Character::isISOControl);
  }

  /** Whether changes by this name are the platform's or a source's own, and nobody's act. */
  public static boolean isPlatform(String name) {
    return PLATFORM.contains(name) || name.startsWith("source/");
  }

  /** Refuses a name under which nobody could be told from the platform itself. */
  public static void requirePerson(String user) {
    if (isPlatform(user)) {
      throw new IllegalArgumentException(
          "user is '%s', expected a name by which the platform does nothing itself"
              .formatted(user));
    }
  }

  /** Why a name is refused: {@code what} it would be, and how long it may be there. */
  public static String refusal(String what, String name, int longest) {
    return "%s is '%s', expected 1 to %d characters without controls, without blanks at its ends and not *"
        .formatted(what, name.replaceAll("\\p{Cntrl}", "\uFFFD"), longest);
  }

  public boolean has(Role needed) {
    return role.includes(needed);
  }

  /** Refuses a caller whose role does not include the one needed. */
  public void require(Role needed) {
    if (!has(needed)) {
      throw new DomainException.Forbidden(
          "role of %s is %s, expected %s".formatted(user, role, needed));
    }
  }

  /** Whether they may see and change what belongs to this user: themselves, or anyone as admin. */
  public boolean mayActFor(String other) {
    return user.equals(other) || has(Role.ADMIN);
  }

  /** Refuses a caller who may not see and change what belongs to this user. */
  public void requireFor(String other) {
    if (!mayActFor(other)) {
      throw new DomainException.Forbidden(
          "user is %s, expected %s or an admin's token".formatted(other, user));
    }
  }
}
