package dev.troth.server.change;

import dev.troth.watch.change.Subject;
import java.util.Optional;

/** Subjects of which each user has one, such as {@code feed/ann}: a name may hold any character. */
public final class UserSubject {
  private UserSubject() {}

  public static Subject of(String type, String user) {
    return new Subject(type, user.replace("%", "%25").replace("*", "%2A"));
  }

  /** To whom the subject of an id belongs. */
  public static Optional<String> owner(String id) {
    return Optional.of(id.replace("%2A", "*").replace("%25", "%"));
  }
}
