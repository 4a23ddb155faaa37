package dev.troth.server.group;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.auth.Visibility;
import dev.troth.server.db.Database;
import dev.troth.server.error.DomainException;
import dev.troth.server.watch.WatchBody;
import dev.troth.server.watch.Watches;
import dev.troth.watch.WatchSettings;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import dev.troth.watch.delivery.AddressedChannel;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/**
 * Groups of users that are watched for as one: each member gets the group's watches, and loses them
 * with the membership. A member's own watch of the same target comes first. Admins keep groups; who
 * is in one may look at it.
 */
public final class Groups {
  private static final int LONGEST_MEMBER = 128;
  private static final int MOST_MEMBERS = 1_000;
  private static final int MOST_WATCHES = 200;
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  private final Database database;
  private final GroupStore store = new GroupStore();
  private final Watches watches;
  private final Visibility visibility;
  private final ChangeLog<Handle> changes;
  private final Clock clock;
  private final Set<String> kinds;

  /**
   * @param kinds the channels that the platform has
   */
  public Groups(
      Database database,
      Watches watches,
      ChangeLog<Handle> changes,
      Visibility visibility,
      Clock clock,
      Set<String> kinds) {
    this.kinds = new TreeSet<>(kinds);
    this.changes = changes;
    this.database = database;
    this.watches = watches;
    this.visibility = visibility;
    this.clock = clock;
  }

  /** The groups that a caller may look at. */
  public List<GroupView> of(Caller caller) {
    return database.read(handle ->
        store.names(handle).stream()
            .map(name -> view(handle, name))
            .filter(group -> mayLook(caller, group))
            .toList());
  }

  private static boolean mayLook(Caller caller, GroupView group) {
    return caller.has(Role.ADMIN) || group.members().contains(caller.user());
  }

  public GroupView find(Caller caller, String name) {
    return database.read(handle -> {
      requireThere(handle, name);
      GroupView group = view(handle, name);
      if (!mayLook(caller, group)) {
        throw absent(name);
      }
      return group;
    });
  }

  private GroupView view(Handle handle, String name) {
    return new GroupView(
        name,
        store.members(handle, name),
        store.watches(handle, name).values().stream().map(GroupView.Wish::new).toList());
  }

  /** Makes a group of these members, or gives one other members. */
  public GroupView put(Caller caller, String name, Set<String> members) {
    if (!NAME.matcher(name).matches()) {
      throw new DomainException.Invalid(
          "group is '%s', expected 1 to 64 small letters, digits and . _ -".formatted(name));
    }
    SortedSet<String> users = new TreeSet<>(members);
    if (users.size() > MOST_MEMBERS) {
      throw new DomainException.Invalid(
          "group %s has %d members, expected at most %d"
              .formatted(name, users.size(), MOST_MEMBERS));
    }
    for (String user : users) {
      if (!Caller.isUser(user) || user.length() > LONGEST_MEMBER) {
        throw new DomainException.Invalid(Caller.refusal("member", user, LONGEST_MEMBER));
      }
    }
    return database.write(handle -> {
      for (String other : store.names(handle)) {
        if (users.contains(other)) {
          throw new DomainException.Invalid(
              "member is the group %s, expected users: groups hold no groups".formatted(other));
        }
      }
      if (users.contains(name)) {
        throw new DomainException.Invalid(
            "member is the group %s itself, expected users".formatted(name));
      }
      store.watches(handle, name).keySet().stream()
          .map(Target::parse)
          .forEach(target -> requireReaders(handle, name, users, target));
      Fields before = fields(handle, name);
      store.put(handle, name, users, clock.instant());
      GroupView group = given(handle, name);
      say(handle, caller, name, before);
      return group;
    });
  }

  /** Watches a target for all members. */
  public GroupView watch(Caller caller, String name, WatchBody body) {
    Target target =
        DomainException.valid(() -> {
          if (body.target() == null) {
            throw new IllegalArgumentException("target is missing, expected type/id, type/* or *");
          }
          Target asked = Target.parse(body.target());
          body.over(WatchSettings.all()).channels().forEach(this::requireKnown);
          return asked;
        });
    if (body.user() != null) {
      throw new DomainException.Invalid("user is given, expected none: the group has members");
    }
    return database.write(handle -> {
      requireThere(handle, name);
      visibility.requireWatchable(handle, caller, target);
      requireReaders(handle, name, store.members(handle, name), target);
      Fields before = fields(handle, name);
      store.watch(handle, name, target.toString(), body);
      int count = store.watches(handle, name).size();
      if (count > MOST_WATCHES) {
        throw new DomainException.Invalid(
            "group %s watches %d targets, expected at most %d"
                .formatted(name, count, MOST_WATCHES));
      }
      GroupView group = given(handle, name);
      say(handle, caller, name, before);
      return group;
    });
  }

  /** Refuses a channel that reaches no member, whichever addresses they have. */
  private void requireKnown(String channel) {
    Matcher name = AddressedChannel.NAME.matcher(channel);
    if (!name.matches() || !kinds.contains(name.group(1))) {
      throw new IllegalArgumentException(
          "channel is '%s', expected one of %s, alone or with a name as webhook/ops"
              .formatted(channel, String.join(", ", kinds)));
    }
  }

  /** Refuses a watch of which members could never be told. */
  private void requireReaders(Handle handle, String name, Set<String> members, Target target) {
    for (String member : members) {
      if (!visibility.mayWatch(handle, member, target)) {
        throw new DomainException.Invalid(
            "%s may not read %s, expected members of %s who may: others would be told nothing"
                .formatted(member, target, name));
      }
    }
  }

  /** Ends a watch for all members. */
  public GroupView unwatch(Caller caller, String name, String target) {
    return database.write(handle -> {
      requireThere(handle, name);
      Fields before = fields(handle, name);
      if (!store.unwatch(handle, name, target)) {
        throw new DomainException.NotFound("group %s does not watch %s".formatted(name, target));
      }
      GroupView group = given(handle, name);
      say(handle, caller, name, before);
      return group;
    });
  }

  public void remove(Caller caller, String name) {
    boolean _ =
        database.write(handle -> {
          requireThere(handle, name);
          Fields before = fields(handle, name);
          store.remove(handle, name);
          watches.give(handle, name, Set.of(), Map.of());
          var _ =
              changes.append(
                  handle,
                  NewChange.of(subject(name), "user-group.removed", caller.user()).before(before));
          return true;
        });
  }

  private static Subject subject(String name) {
    return new Subject("user-group", name);
  }

  /** Who is in a group and what it watches, as its history keeps it. */
  private Fields fields(Handle handle, String name) {
    return store.exists(handle, name)
        ? Fields.of(
            "members",
            String.join(", ", store.members(handle, name)),
            "watches",
            String.join(", ", new TreeSet<>(store.watches(handle, name).keySet())))
        : Fields.none();
  }

  private void say(Handle handle, Caller caller, String name, Fields before) {
    Fields after = fields(handle, name);
    if (!after.equals(before)) {
      var _ =
          changes.append(
              handle,
              NewChange.of(subject(name), "user-group.set", caller.user())
                  .before(before)
                  .after(after));
    }
  }

  private GroupView given(Handle handle, String name) {
    Map<Target, WatchSettings> wishes = new HashMap<>();
    store
        .watches(handle, name)
        .forEach(
            (target, body) -> wishes.put(Target.parse(target), body.over(WatchSettings.all())));
    watches.give(handle, name, store.members(handle, name), wishes);
    return view(handle, name);
  }

  /** Gives a user what their groups watch on channels that reach them by now. */
  public void reached(Handle handle, String user) {
    for (String name : store.names(handle)) {
      if (store.members(handle, name).contains(user)) {
        GroupView _ = given(handle, name);
      }
    }
  }

  private void requireThere(Handle handle, String name) {
    if (!store.exists(handle, name)) {
      throw absent(name);
    }
  }

  private static DomainException absent(String name) {
    return new DomainException.NotFound("group %s does not exist".formatted(name));
  }
}
