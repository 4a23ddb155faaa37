package dev.troth.server.feed;

import dev.troth.server.auth.Caller;
import dev.troth.server.auth.Role;
import dev.troth.server.change.UserSubject;
import dev.troth.server.db.Database;
import dev.troth.server.endpoint.Links;
import dev.troth.server.error.DomainException;
import dev.troth.server.feed.FeedStore.Feed;
import dev.troth.server.inbox.Inbox;
import dev.troth.server.inbox.NotificationView;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.NewChange;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Users' private feeds. The link is all that a feed reader shows, so it counts only as long as its
 * user may read at all, and tells no more than the user may read of by then.
 */
public final class Feeds {
  private static final int SHOWN = 50;
  private static final String TYPE = "feed";

  private final Database database;
  private final Inbox inbox;
  private final Ground ground;
  private final FeedStore store = new FeedStore();
  private final SecureRandom random = new SecureRandom();

  /** The strongest role that a user has by a valid token; empty for who has none. */
  @FunctionalInterface
  public interface Standing {
    Optional<Role> of(Handle handle, String user);
  }

  /** What feeds stand on, besides the database and the inbox. */
  public record Ground(ChangeLog<Handle> changes, Links links, Standing standing, Clock clock) {}

  public Feeds(Database database, Inbox inbox, Ground ground) {
    this.database = database;
    this.inbox = inbox;
    this.ground = ground;
  }

  /** The caller's own feed; nobody is shown another's link. */
  public Optional<FeedView> of(Caller caller) {
    return database.read(handle -> store.find(handle, caller.user()).map(this::view));
  }

  /** Makes the caller's feed; a link that it had before leads nowhere any more. */
  public FeedView make(Caller caller) {
    return database.write(handle -> {
      boolean rotated = store.find(handle, caller.user()).isPresent();
      byte[] nonce = new byte[16];
      random.nextBytes(nonce);
      Feed feed =
          new Feed(
              caller.user(),
              HexFormat.of().formatHex(nonce),
              ground.clock().instant().truncatedTo(ChronoUnit.MILLIS));
      store.put(handle, feed);
      append(handle, caller.user(), rotated ? "rotated" : "made", caller);
      return view(feed);
    });
  }

  /** Ends a user's feed. */
  public void remove(Caller caller, String user) {
    caller.requireFor(user);
    database.write(handle -> {
      if (!store.delete(handle, user)) {
        throw new DomainException.NotFound("%s has no feed".formatted(user));
      }
      append(handle, user, "removed", caller);
      return true;
    });
  }

  private void append(Handle handle, String user, String what, Caller by) {
    ground
        .changes()
        .append(handle, NewChange.of(UserSubject.of(TYPE, user), TYPE + "." + what, by.user()));
  }

  private FeedView view(Feed feed) {
    return new FeedView(feed.user(), ground.links().feed(feed.nonce()), feed.madeAt());
  }

  /**
   * What a link leads to.
   *
   * @param revision differs whenever the feed may be another one
   */
  record Contents(FeedView feed, String revision, List<NotificationView> items) {}

  /** What a link leads to, unless the client has that already; then it has no items. */
  Contents read(String token, String known) {
    Feed feed =
        ground
            .links()
            .readFeed(token)
            .flatMap(nonce -> database.read(handle -> store.behind(handle, nonce)))
            .orElseThrow(Feeds::nothing);
    Role role =
        database
            .read(handle -> ground.standing().of(handle, feed.user()))
            .orElseThrow(Feeds::nothing);
    Caller reader = new Caller(feed.user(), role, false);
    String revision = inbox.revision(feed.user()) + "-" + role;
    List<NotificationView> items =
        known.equals(revision)
            ? List.of()
            : inbox.page(reader, feed.user(), Inbox.Wanted.ALL, Long.MAX_VALUE, SHOWN).items();
    return new Contents(view(feed), revision, items);
  }

  /** The same for a link that never was, that was rotated, and whose user may not read any more. */
  private static DomainException nothing() {
    return new DomainException.NotFound("there is no feed at this address");
  }
}
