package dev.troth.server.watch;

import dev.troth.server.change.SqliteChangeLog;
import dev.troth.server.change.Trim;
import dev.troth.watch.OwnChanges;
import dev.troth.watch.WatchSettings;
import dev.troth.watch.change.Subject;
import dev.troth.watch.change.Target;
import dev.troth.watch.filter.FormerFilter;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Watches in SQL, each a series of terms; a user has at most one standing watch of a target. */
public final class WatchStore implements Trim {
  /** As many as one user may have standing, so that an inbox stays quick to read. */
  static final int MOST_PER_USER = 10_000;

  private static final String STANDING =
      "SELECT %s FROM watch w WHERE w.until IS NULL AND ".formatted(WatchRow.COLUMNS);

  /** What a watch is named by that no group gives. */
  private static final String OWN = "";

  private final Clock clock;
  private final WatchRow rows = new WatchRow();

  public WatchStore(Clock clock) {
    this.clock = clock;
  }

  /**
   * The outcome of a wish to watch.
   *
   * @param created whether there was no such watch before
   */
  record Stored(StoredWatch watch, boolean created) {}

  /** Watches a target; a second wish for the same target is the same watch, as it stands. */
  Stored watch(Handle handle, String user, Target target, WatchSettings wish) {
    return watch(handle, user, target, wish, OWN);
  }

  /**
   * Watches a target.
   *
   * @param via the group that watches for the user
   */
  Stored watch(Handle handle, String user, Target target, WatchSettings wish, String via) {
    Optional<StoredWatch> before = find(handle, user, target, via);
    if (before.isPresent()) {
      return new Stored(before.get(), false);
    }
    long count = count(handle, user);
    if (count >= MOST_PER_USER) {
      throw new IllegalArgumentException(
          "%s has %d watches, expected at most %d: watch a collection instead"
              .formatted(user, count, MOST_PER_USER));
    }
    return new Stored(insert(handle, new Root(0, now(), via), user, target, wish), true);
  }

  /** Watches a target however much the user watches, for who must be told in any case. */
  Stored watchAnyway(Handle handle, String user, Target target, WatchSettings wish) {
    return find(handle, user, target)
        .map(standing -> new Stored(standing, false))
        .orElseGet(
            () -> new Stored(insert(handle, new Root(0, now(), OWN), user, target, wish), true));
  }

  /** Those that stand of exactly this target. */
  List<StoredWatch> of(Handle handle, Target target) {
    return handle
        .createQuery(STANDING + "w.target = ? ORDER BY w.id")
        .bind(0, target.toString())
        .map(rows)
        .list();
  }

  /** To whom the watch of this root belongs. */
  public static Optional<String> owner(Handle handle, String root) {
    return handle
        .createQuery("SELECT user_name FROM watch WHERE root = CAST(? AS BIGINT) LIMIT 1")
        .bind(0, root)
        .mapTo(String.class)
        .findOne();
  }

  /** How many watches a user has standing. */
  long count(Handle handle, String user) {
    return handle
        .createQuery("SELECT count(*) FROM watch WHERE user_name = ? AND until IS NULL")
        .bind(0, user)
        .mapTo(Long.class)
        .one();
  }

  public Optional<StoredWatch> find(Handle handle, String user, Target target) {
    return find(handle, user, target, OWN);
  }

  /** The watch that a group gives a user. */
  Optional<StoredWatch> find(Handle handle, String user, Target target, String via) {
    return handle
        .createQuery(STANDING + "w.user_name = ? AND w.target = ? AND w.via = ?")
        .bind(0, user)
        .bind(1, target.toString())
        .bind(2, via)
        .map(rows)
        .findOne();
  }

  /** The standing watch that clients know by this id. */
  public Optional<StoredWatch> find(Handle handle, long root) {
    return handle.createQuery(STANDING + "w.root = ?").bind(0, root).map(rows).findOne();
  }

  /** The standing watch that a term belongs to, or belonged to before an edit. */
  Optional<StoredWatch> standingOf(Handle handle, long term) {
    return handle
        .createQuery(STANDING + "w.root = (SELECT t.root FROM watch t WHERE t.id = ?)")
        .bind(0, term)
        .map(rows)
        .findOne();
  }

  /** Standing watches of a user after a root, by age. */
  List<StoredWatch> standing(Handle handle, String user, long after, int limit) {
    return handle
        .createQuery(STANDING + "w.user_name = ? AND w.root > ? ORDER BY w.root LIMIT ?")
        .bind(0, user)
        .bind(1, after)
        .bind(2, limit)
        .map(rows)
        .list();
  }

  /** Those of a user that tell on a channel; an own watch comes before a group's of its target. */
  List<StoredWatch> on(Handle handle, String user, String channel) {
    List<StoredWatch> all = standing(handle, user, 0, Integer.MAX_VALUE);
    Set<Target> own =
        all.stream()
            .filter(StoredWatch::isOwn)
            .map(watch -> watch.watch().target())
            .collect(Collectors.toSet());
    return all.stream()
        .filter(watch -> watch.watch().wish().channels().contains(channel))
        .filter(watch -> watch.isOwn() || !own.contains(watch.watch().target()))
        .toList();
  }

  /** What a group watches for its members. */
  List<StoredWatch> via(Handle handle, String group) {
    return handle.createQuery(STANDING + "w.via = ? ORDER BY w.id").bind(0, group).map(rows).list();
  }

  /**
   * All terms of a user, those of ended watches too: what the inbox is read through. Of one target
   * the user's own come first.
   */
  public List<StoredWatch> terms(Handle handle, String user) {
    return handle
        .createQuery(
            "SELECT %s FROM watch w WHERE w.user_name = ? ORDER BY w.via, w.id"
                .formatted(WatchRow.COLUMNS))
        .bind(0, user)
        .map(rows)
        .list();
  }

  /** How many watch exactly this subject. */
  public long watchers(Handle handle, Subject subject) {
    return handle
        .createQuery("SELECT count(*) FROM watch WHERE target = ? AND until IS NULL")
        .bind(0, subject.toString())
        .mapTo(Long.class)
        .one();
  }

  /** Changes a wish from the next change on. */
  StoredWatch edit(Handle handle, StoredWatch standing, WatchSettings wish) {
    end(handle, standing, false);
    return insert(
        handle,
        new Root(standing.root(), standing.createdAt(), standing.via()),
        standing.watch().user(),
        standing.watch().target(),
        wish);
  }

  /** Ends a watch of what is over: what was said of it until now is still told. */
  void close(Handle handle, StoredWatch standing) {
    end(handle, standing, false);
  }

  /** Ends a watch: later changes are not told, and sendings still under way are stopped. */
  void unwatch(Handle handle, StoredWatch standing) {
    end(handle, standing, true);
  }

  private void end(Handle handle, StoredWatch standing, boolean unwatched) {
    long head = SqliteChangeLog.head(handle);
    if (standing.watch().term().after() >= head) {
      // No change fell into this term, so nothing will ever ask for it.
      handle.execute("DELETE FROM watch WHERE id = ?", standing.watch().id());
    } else {
      handle.execute(
          "UPDATE watch SET until = ?, ended = ? WHERE id = ?",
          head,
          unwatched,
          standing.watch().id());
    }
  }

  /**
   * What all terms of a watch share.
   *
   * @param id 0 for a new one
   */
  private record Root(long id, Instant createdAt, String via) {}

  private StoredWatch insert(
      Handle handle, Root root, String user, Target target, WatchSettings wish) {
    long id =
        handle
            .createQuery(
                """
                INSERT INTO watch (root, user_name, target, level, types, filter, channels,
                  muted_until, own_changes, pushes, since, created_at, via)
                VALUES (:root, :user, :target, :level, :types, :filter, :channels,
                  :mutedUntil, :ownChanges, :pushes, :since, :createdAt, :via)
                RETURNING id
                """)
            .bind("root", root.id())
            .bind("user", user)
            .bind("target", target.toString())
            .bind("level", wish.level().toString())
            .bind("types", WatchRow.text(wish.types()))
            .bind("filter", wish.filter().text())
            .bind("channels", WatchRow.text(wish.channels()))
            .bind("mutedUntil", wish.mutedUntil().toEpochMilli())
            .bind("ownChanges", wish.ownChanges() == OwnChanges.TOLD)
            .bind("pushes", wish.pushes())
            .bind("since", SqliteChangeLog.head(handle))
            .bind("createdAt", root.createdAt().toEpochMilli())
            .bind("via", root.via())
            .mapTo(Long.class)
            .one();
    if (root.id() == 0) {
      handle.execute("UPDATE watch SET root = id WHERE id = ?", id);
    }
    return handle
        .createQuery("SELECT %s FROM watch w WHERE w.id = ?".formatted(WatchRow.COLUMNS))
        .bind(0, id)
        .map(rows)
        .one();
  }

  /** Turns filters of the former spelling into CEL; a second time there are none. */
  void rewriteFormerFilters(Handle handle) {
    List<String> filters =
        handle
            .createQuery("SELECT DISTINCT filter FROM watch WHERE filter <> ''")
            .mapTo(String.class)
            .list();
    for (String filter : filters) {
      Optional<String> inCel = FormerFilter.inCel(filter);
      if (inCel.isPresent() && !inCel.get().equals(filter)) {
        handle.execute("UPDATE watch SET filter = ? WHERE filter = ?", inCel.get(), filter);
      }
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  @Override
  public void trim(Handle handle, long upTo) {
    handle.execute("DELETE FROM watch WHERE until <= ?", upTo);
  }
}
