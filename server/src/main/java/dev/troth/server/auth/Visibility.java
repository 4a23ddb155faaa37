package dev.troth.server.auth;

import dev.troth.server.config.Audience;
import dev.troth.server.error.DomainException;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/**
 * Which subjects a user may read of, by their type and the user's role. It is decided here alone:
 * routes, streams, watches and pages all ask.
 *
 * <pre>{@code
 * database.read(handle -> {
 *   Predicate<Subject> visible = visibility.to(handle, caller);
 *   return store.list(handle).stream().filter(row -> visible.test(row.subject())).toList();
 * });
 * }</pre>
 */
public final class Visibility {
  /** What a type has unless it is configured; every other type is for everybody. */
  private static final Map<String, Audience> USUAL =
      Map.of(
          "token", Audience.OWNER,
          "watch", Audience.OWNER,
          "endpoint", Audience.OWNER,
          "feed", Audience.OWNER,
          "terms", Audience.OWNER,
          "source", Audience.ADMINS,
          "configuration", Audience.ADMINS,
          "user-group", Audience.ADMINS);

  /** Knows to whom a subject belongs; empty for one that is gone, or that belongs to nobody. */
  @FunctionalInterface
  public interface Owners {
    Optional<String> of(Handle handle, Subject subject);
  }

  /** Knows the role of a user who is not calling: of whom a watch speaks, for example. */
  @FunctionalInterface
  public interface Roles {
    Role of(Handle handle, String user);
  }

  private final Map<String, Audience> audiences;
  private final Owners owners;
  private final Roles roles;

  /**
   * @param configured the audiences of types for which it is not the usual one
   */
  public Visibility(Map<String, Audience> configured, Owners owners, Roles roles) {
    Map<String, Audience> all = new HashMap<>(USUAL);
    all.putAll(configured);
    this.audiences = Map.copyOf(all);
    this.owners = owners;
    this.roles = roles;
  }

  /** Whether everybody may read of the subjects of a type. */
  public boolean isOpen(String type) {
    return audience(type) == Audience.EVERYBODY;
  }

  /** What a caller may read of, while the transaction lasts. */
  public Predicate<Subject> to(Handle handle, Caller caller) {
    return subject -> isOpen(subject.type()) || sees(handle, caller.user(), caller.role(), subject);
  }

  /** What a user may read of who is perhaps not there, while the transaction lasts. */
  public Predicate<Subject> to(Handle handle, String user) {
    return subject -> isOpen(subject.type()) || sees(handle, user, roles.of(handle, user), subject);
  }

  /** What a user may read of, asked by a caller who may act for them. */
  public Predicate<Subject> to(Handle handle, Caller caller, String user) {
    return caller.user().equals(user) ? to(handle, caller) : to(handle, user);
  }

  private boolean sees(Handle handle, String user, Role role, Subject subject) {
    return role.includes(Role.ADMIN)
        || (audience(subject.type()) == Audience.OWNER
            && owners.of(handle, subject).filter(user::equals).isPresent());
  }

  /** Refuses a watch of what its user could never read of. */
  public void requireWatchable(Handle handle, Caller caller, Target target) {
    if (!isWatchable(handle, caller.user(), caller.role(), target)) {
      throw new DomainException.Forbidden(
          "target is %s, which %s may not read".formatted(target, caller.user()));
    }
  }

  /** Whether a user who is not calling could ever read of some of a target. */
  public boolean mayWatch(Handle handle, String user, Target target) {
    return isWatchable(handle, user, roles.of(handle, user), target);
  }

  private boolean isWatchable(Handle handle, String user, Role role, Target target) {
    return switch (target) {
      case Target.One(Subject subject) ->
          isOpen(subject.type()) || sees(handle, user, role, subject);
      case Target.Collection(String type, var _) ->
          audience(type) != Audience.ADMINS || role.includes(Role.ADMIN);
      case Target.Everything() -> true;
    };
  }

  private Audience audience(String type) {
    return audiences.getOrDefault(type, Audience.EVERYBODY);
  }
}
