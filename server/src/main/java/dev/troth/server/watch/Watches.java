package dev.troth.server.watch;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.troth.server.auth.Caller;
import dev.troth.server.auth.QuietActStore;
import dev.troth.server.auth.Visibility;
import dev.troth.server.change.Revisions;
import dev.troth.server.db.Database;
import dev.troth.server.error.DomainException;
import dev.troth.server.watch.WatchStore.Stored;
import dev.troth.watch.OwnChanges;
import dev.troth.watch.Watch;
import dev.troth.watch.WatchSettings;
import dev.troth.watch.change.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Watches: everybody has their own, an admin may act for another user, and nobody watches what they
 * may not read. Whoever listens for the user is woken after each change.
 */
public final class Watches {
  /** How many may be added at once. */
  static final int MOST_AT_ONCE = 1_000;

  private static final String ADDED = "watch.added";

  private final Database database;
  private final WatchStore store;
  private final Revisions revisions;
  private final Visibility visibility;
  private final KnownChannels channels;
  private final QuietActStore acts;

  public Watches(
      Database database,
      WatchStore store,
      Revisions revisions,
      Visibility visibility,
      KnownChannels channels,
      QuietActStore acts) {
    this.database = database;
    this.store = store;
    this.revisions = revisions;
    this.visibility = visibility;
    this.channels = channels;
    this.acts = acts;
  }

  /**
   * What became of a wish to watch.
   *
   * @param created whether there was no such watch before
   */
  public record Watched(WatchView watch, boolean created) {}

  /**
   * Why some of many could not be added.
   *
   * @param count how many in a row, from the index on, if it is more than one
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Failed(int index, @Nullable Integer count, String detail) {
    int size() {
      return count == null ? 1 : count;
    }
  }

  /** What became of many. */
  public record Added(int created, int standing, List<Failed> failed) {
    int refused() {
      return failed.stream().mapToInt(Failed::size).sum();
    }
  }

  /** Some of a user's watches after the one of an id, by age. */
  public List<WatchView> of(Caller caller, String user, long after, int limit) {
    caller.requireFor(user);
    return database.read(
        handle -> store.standing(handle, user, after, limit).stream().map(WatchView::of).toList());
  }

  /** How many watches a user has. */
  public long count(String user) {
    return database.read(handle -> store.count(handle, user));
  }

  /** Whether the user watches exactly this target. */
  public boolean isWatching(String user, Target target) {
    return database.read(handle -> store.find(handle, user, target)).isPresent();
  }

  public WatchView get(Caller caller, long id) {
    return WatchView.of(database.read(handle -> own(handle, caller, id)));
  }

  /** Watches what a client asks for; a watch of the same target is changed to it. */
  Watched add(Handle handle, Caller caller, WatchBody given) {
    String user = requireNonNullElse(given.user(), caller.user());
    caller.requireFor(user);
    Watch asked =
        DomainException.valid(() -> {
          if (given.target() == null) {
            throw new IllegalArgumentException("target is missing, expected type/id, type/* or *");
          }
          Target target = Target.parse(given.target());
          return new Watch(0, user, target, given.over(WatchSettings.all()), new Watch.Term(0, 0));
        });
    visibility.requireWatchable(handle, caller, asked.target());
    Stored watched = store(handle, user, asked.target(), asked.wish());
    if (watched.created()) {
      acts.done(handle, caller, user, ADDED, asked.target().toString());
    }
    StoredWatch standing =
        watched.created() ? watched.watch() : edit(handle, caller, watched.watch(), given::over);
    return new Watched(WatchView.of(standing), watched.created());
  }

  /** Adds all that can be added, and names each that cannot with its reason. */
  Added addAll(Handle handle, Caller caller, List<WatchBody> given) {
    int created = 0;
    List<Failed> failed = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      try {
        created += add(handle, caller, given.get(i)).created() ? 1 : 0;
      } catch (DomainException e) {
        // One reason for all that follow is said once: a full list refuses a thousand alike.
        Failed last = failed.isEmpty() ? null : failed.getLast();
        if (last != null && last.index() + last.size() == i && last.detail().equals(e.detail())) {
          failed.set(failed.size() - 1, new Failed(last.index(), last.size() + 1, e.detail()));
        } else {
          failed.add(new Failed(i, null, e.detail()));
        }
      }
    }
    int refused = new Added(0, 0, failed).refused();
    return new Added(created, given.size() - created - refused, List.copyOf(failed));
  }

  /** Watches a target for a user who asks for it; true if it was not watched before. */
  public boolean watch(
      Handle handle, Caller caller, String user, Target target, WatchSettings settings) {
    boolean created = store(handle, user, target, settings).created();
    if (created) {
      acts.done(handle, caller, user, ADDED, target.toString());
    }
    return created;
  }

  /**
   * Watches a target for a user without being asked, in somebody's transaction; true if it was not
   * watched before.
   */
  public boolean watch(Handle handle, String user, Target target, WatchSettings settings) {
    return store(handle, user, target, settings).created();
  }

  /**
   * Watches what the user is paged for, on these channels: however much they watch already, since
   * nobody may keep a page from others.
   */
  public void page(Handle handle, String user, Target target, Set<String> channels) {
    if (store.watchAnyway(handle, user, target, WatchSettings.all().on(channels)).created()) {
      touch(handle, user);
    }
  }

  /** Ends everybody's watches of what is over and never moves again. */
  public void close(Handle handle, Target target) {
    for (StoredWatch standing : store.of(handle, target)) {
      store.close(handle, standing);
      touch(handle, standing.watch().user());
    }
  }

  /** Watches all of a target, unless the user watches as much already as anybody may. */
  public void watchIfRoom(Handle handle, String user, Target target) {
    if (store.count(handle, user) < WatchStore.MOST_PER_USER) {
      Stored _ = store(handle, user, target, WatchSettings.all());
    }
  }

  /**
   * Watches every change of {@code type/id}, {@code type/*} or {@code *}. The developer, who is
   * everybody while nobody logs in, is told of their own changes: there are no others.
   */
  public void watch(Caller caller, String target) {
    Target wanted = DomainException.valid(() -> Target.parse(target));
    database.write(handle -> {
      visibility.requireWatchable(handle, caller, wanted);
      OwnChanges own = caller.development() ? OwnChanges.TOLD : OwnChanges.LEFT_OUT;
      return watch(handle, caller, caller.user(), wanted, WatchSettings.all().ownChanges(own));
    });
  }

  /** Ends the caller's watch of a target; there is none to end when it was ended elsewhere. */
  public void unwatch(Caller caller, String target) {
    Target wanted = DomainException.valid(() -> Target.parse(target));
    database.write(handle -> {
      Optional<StoredWatch> standing = store.find(handle, caller.user(), wanted);
      standing.ifPresent(watch -> end(handle, caller, watch));
      return standing.isPresent();
    });
  }

  /** Changes a watch from the next change on. */
  WatchView edit(Handle handle, Caller caller, long id, UnaryOperator<WatchSettings> change) {
    return WatchView.of(edit(handle, caller, changeable(handle, caller, id), change));
  }

  /** Ends a watch. */
  void remove(Handle handle, Caller caller, long id) {
    end(handle, caller, changeable(handle, caller, id));
  }

  /** Ends a watch, in a transaction of its own. */
  public void remove(Caller caller, long id) {
    database.write(handle -> {
      remove(handle, caller, id);
      return id;
    });
  }

  private Stored store(Handle handle, String user, Target target, WatchSettings settings) {
    requireKnown(handle, user, settings.channels(), Set.of());
    Stored stored = DomainException.valid(() -> store.watch(handle, user, target, settings));
    if (stored.created()) {
      touch(handle, user);
    }
    return stored;
  }

  /** Refuses channels that reach the user nowhere; those that a watch has already may stay. */
  private void requireKnown(Handle handle, String user, Set<String> wanted, Set<String> standing) {
    if (standing.containsAll(wanted)) {
      return;
    }
    Set<String> known = channels.of(handle, user);
    for (String channel : wanted) {
      if (!known.contains(channel) && !standing.contains(channel)) {
        throw new DomainException.Invalid(
            "channel is '%s', expected one of %s: addresses of %s are added at /api/endpoints"
                .formatted(channel, String.join(", ", known), user));
      }
    }
  }

  /** Changes a watch for somebody who asks for it. */
  private StoredWatch edit(
      Handle handle, Caller caller, StoredWatch standing, UnaryOperator<WatchSettings> change) {
    StoredWatch edited = edit(handle, standing, change);
    if (!edited.watch().wish().equals(standing.watch().wish())) {
      acts.done(
          handle,
          caller,
          edited.watch().user(),
          "watch.changed",
          edited.watch().target().toString());
    }
    return edited;
  }

  /** Ends a watch for somebody who asks for it. */
  private void end(Handle handle, Caller caller, StoredWatch standing) {
    end(handle, standing);
    Watch ended = standing.watch();
    acts.done(handle, caller, ended.user(), "watch.removed", ended.target().toString());
  }

  private StoredWatch edit(
      Handle handle, StoredWatch standing, UnaryOperator<WatchSettings> change) {
    WatchSettings settings = DomainException.valid(() -> change.apply(standing.watch().wish()));
    if (settings.equals(standing.watch().wish())) {
      return standing;
    }
    String user = standing.watch().user();
    requireKnown(handle, user, settings.channels(), standing.watch().wish().channels());
    touch(handle, user);
    return store.edit(handle, standing, settings);
  }

  private void end(Handle handle, StoredWatch standing) {
    store.unwatch(handle, standing);
    touch(handle, standing.watch().user());
  }

  /** What the watch is of that a term belongs to, if it stands and speaks on this channel. */
  public Optional<String> targetOn(Handle handle, long term, String channel) {
    return onChannel(handle, term, channel).map(watch -> watch.watch().target().toString());
  }

  /** Takes a channel off the watch that a term belongs to; its other channels stay. */
  public void leaveChannel(Handle handle, long term, String channel) {
    onChannel(handle, term, channel).ifPresent(watch -> leave(handle, watch, channel));
  }

  /** Whether any watch of a user tells on a channel. */
  public boolean isOn(Handle handle, String user, String channel) {
    return !store.on(handle, user, channel).isEmpty();
  }

  /** Takes a channel off all watches of a user. */
  public void leaveChannel(Handle handle, String user, String channel) {
    store.on(handle, user, channel).forEach(watch -> leave(handle, watch, channel));
  }

  private void leave(Handle handle, StoredWatch watch, String channel) {
    Set<String> rest = new TreeSet<>(watch.watch().wish().channels());
    rest.remove(channel);
    WatchSettings without = watch.watch().wish().on(rest);
    if (watch.isOwn()) {
      var _ = edit(handle, watch, wish -> without);
    } else {
      // What a group gives stays as it is for others; an own watch comes before it.
      var _ = store(handle, watch.watch().user(), watch.watch().target(), without);
    }
  }

  private Optional<StoredWatch> onChannel(Handle handle, long term, String channel) {
    return store
        .standingOf(handle, term)
        .filter(watch -> watch.watch().wish().channels().contains(channel));
  }

  private void touch(Handle handle, String user) {
    revisions.touchWatches(handle, user);
  }

  /** The caller's watch; another user's is as absent as one that never was. */
  private StoredWatch own(Handle handle, Caller caller, long id) {
    return store
        .find(handle, id)
        .filter(standing -> caller.mayActFor(standing.watch().user()))
        .orElseThrow(() -> new DomainException.NotFound("watch %d does not exist".formatted(id)));
  }

  private StoredWatch changeable(Handle handle, Caller caller, long id) {
    StoredWatch found = own(handle, caller, id);
    if (!found.isOwn()) {
      throw new DomainException.Conflict(
          "watch %d is of the group %s, expected an own watch of %s, which comes first"
              .formatted(id, found.via(), found.watch().target()));
    }
    return found;
  }

  /**
   * Makes what a group watches for its members as it should be. Each member is told on those of the
   * channels that reach them.
   *
   * @param wishes what is to be told of each target
   */
  public void give(
      Handle handle, String group, Set<String> members, Map<Target, WatchSettings> wishes) {
    for (StoredWatch standing : store.via(handle, group)) {
      if (!members.contains(standing.watch().user())
          || !wishes.containsKey(standing.watch().target())) {
        end(handle, standing);
      }
    }
    for (String member : members) {
      Set<String> known = channels.of(handle, member);
      wishes.forEach((target, wish) -> {
        Set<String> reaching = new TreeSet<>(wish.channels());
        reaching.retainAll(known);
        give(handle, group, member, target, wish.on(reaching));
      });
    }
  }

  private void give(
      Handle handle, String group, String member, Target target, WatchSettings settings) {
    Stored stored =
        DomainException.valid(() -> store.watch(handle, member, target, settings, group));
    if (stored.created()) {
      touch(handle, member);
    } else if (!settings.equals(stored.watch().watch().wish())) {
      touch(handle, member);
      StoredWatch _ = store.edit(handle, stored.watch(), settings);
    }
  }
}
