package dev.troth.server.inbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.troth.server.auth.Caller;
import dev.troth.server.auth.QuietActStore;
import dev.troth.server.auth.Visibility;
import dev.troth.server.change.ChangeFeed;
import dev.troth.server.change.Revisions;
import dev.troth.server.db.Database;
import dev.troth.server.error.DomainException;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** A user's inbox: everybody has their own, and an admin may see and mark another user's. */
public final class Inbox {
  /** As many as one page may have shown. */
  private static final int MOST_SHOWN = 200;

  /** As many urgent ones as stand above the others. */
  private static final int MOST_URGENT = 10;

  private final Database database;
  private final InboxStore store;
  private final Revisions revisions;
  private final ChangeFeed feed;
  private final Visibility visibility;
  private final QuietActStore acts;

  public Inbox(
      Database database,
      InboxStore store,
      Revisions revisions,
      ChangeFeed feed,
      Visibility visibility,
      QuietActStore acts) {
    this.database = database;
    this.store = store;
    this.revisions = revisions;
    this.feed = feed;
    this.visibility = visibility;
    this.acts = acts;
  }

  /**
   * Notifications, newest first.
   *
   * @param unread how many are unread in all, at most 1,000
   * @param next the sequence to go on before; null at the end
   * @param urgent unread ones of urgent changes, on the first page alone, wherever they are buried;
   *     null if there are none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Page(
      int unread,
      List<NotificationView> items,
      @Nullable Long next,
      @Nullable List<NotificationView> urgent) {}

  /** Which notifications are wanted. */
  public enum Wanted {
    INBOX(mark -> !mark.isDone()),
    UNREAD(mark -> mark == Mark.UNREAD),
    READ(mark -> mark == Mark.READ),
    DONE(Mark::isDone),
    ALL(mark -> true);

    private final Predicate<Mark> marks;

    Wanted(Predicate<Mark> marks) {
      this.marks = marks;
    }
  }

  /** What a user does to a notification. */
  public enum Action {
    READ(Mark::read),
    UNREAD(Mark::unread),
    DONE(Mark::done),
    /** Takes done back. */
    UNDO(Mark::undone);

    private final UnaryOperator<Mark> change;

    Action(UnaryOperator<Mark> change) {
      this.change = change;
    }
  }

  public Page page(Caller caller, String user, Wanted wanted, long before, int limit) {
    caller.requireFor(user);
    return database.read(handle -> {
      InboxStore.Reader reader = reader(handle, caller, user);
      InboxStore.Page page = store.page(handle, reader, before, limit, wanted.marks);
      return new Page(
          store.unread(handle, reader),
          page.items().stream().map(NotificationView::of).toList(),
          page.next() > 0 ? page.next() : null,
          before == Long.MAX_VALUE ? urgent(handle, reader) : null);
    });
  }

  private @Nullable List<NotificationView> urgent(Handle handle, InboxStore.Reader reader) {
    List<NotificationView> urgent =
        store.urgent(handle, reader, MOST_URGENT).stream().map(NotificationView::of).toList();
    return urgent.isEmpty() ? null : urgent;
  }

  /** Unread notifications, at most 1,000. */
  public int unread(Caller caller, String user) {
    caller.requireFor(user);
    return database.read(handle -> store.unread(handle, reader(handle, caller, user)));
  }

  /** Whether the unread count of a user counts all, as it does once somebody has looked. */
  public boolean isCounted(String user) {
    return store.isCounted(user);
  }

  /** A text that differs whenever the inbox may be another one. */
  public String revision(String user) {
    if (store.progress(user) < 0) {
      database.read(handle -> {
        store.look(handle, user);
        return true;
      });
    }
    ChangeFeed.Position position = position();
    return "%s-%d-%x-%x-%x"
        .formatted(
            position.epoch(),
            position.head(),
            revisions.of(user),
            user.hashCode(),
            store.progress(user));
  }

  public void mark(Caller caller, String user, long seq, Action action) {
    caller.requireFor(user);
    boolean found =
        database.write(handle -> {
          touch(handle, user);
          boolean marked =
              store.mark(handle, reader(handle, caller, user), seq, action.change).isPresent();
          if (marked) {
            marked(handle, caller, user, action);
          }
          return marked;
        });
    if (!found) {
      throw new DomainException.NotFound(
          "notification %d is not in the inbox of %s".formatted(seq, user));
    }
  }

  /** Where the log stands that notifications are read from. */
  public ChangeFeed.Position position() {
    return feed.position();
  }

  /** Counts one of the caller's notifications as read, if it still is one. */
  public void read(Caller caller, long seq) {
    String user = caller.user();
    database.write(handle -> {
      touch(handle, user);
      boolean marked =
          store.mark(handle, reader(handle, caller, user), seq, Mark::read).isPresent();
      if (marked) {
        marked(handle, caller, user, Action.READ);
      }
      return marked;
    });
  }

  /** Marks read what is unread from one change to another, both among them: what was shown. */
  public void readShown(Caller caller, String user, long from, long upto) {
    caller.requireFor(user);
    database.write(handle -> {
      touch(handle, user);
      InboxStore.Reader reader = reader(handle, caller, user);
      InboxStore.Page unread =
          store.page(handle, reader, upto + 1, MOST_SHOWN, mark -> mark == Mark.UNREAD);
      List<Long> shown =
          unread.items().stream()
              .map(item -> item.change().seq())
              .filter(seq -> seq >= from)
              .toList();
      shown.forEach(seq -> store.mark(handle, reader, seq, Mark::read));
      if (!shown.isEmpty()) {
        marked(handle, caller, user, Action.READ);
      }
      return shown.size();
    });
  }

  /** Marks all read up to a change; what came later stays unread. */
  public void readAll(Caller caller, String user, long upto) {
    caller.requireFor(user);
    long bound = Math.min(position().head(), upto);
    database.write(handle -> {
      touch(handle, user);
      MarkStore.readAll(handle, user, bound);
      marked(handle, caller, user, Action.READ);
      return bound;
    });
  }

  private InboxStore.Reader reader(Handle handle, Caller caller, String user) {
    return new InboxStore.Reader(user, visibility.to(handle, caller, user));
  }

  /** Who marked, not which: each notification in the inbox says that by itself. */
  private void marked(Handle handle, Caller caller, String user, Action action) {
    String what = "inbox." + action.name().toLowerCase(Locale.ROOT);
    acts.done(handle, caller, user, what, "inbox/" + user);
  }

  private void touch(Handle handle, String user) {
    revisions.touchMarks(handle, user);
  }
}
