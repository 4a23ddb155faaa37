package dev.troth.server.stream;

import dev.troth.server.auth.Caller;
import dev.troth.server.change.ParticipantStore;
import dev.troth.server.change.SqliteChangeLog;
import dev.troth.server.inbox.InboxItem;
import dev.troth.server.inbox.InboxStore;
import dev.troth.server.inbox.Mark;
import dev.troth.server.watch.StoredWatch;
import dev.troth.watch.UserWatches;
import dev.troth.watch.change.Change;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jdbi.v3.core.Handle;

/**
 * One user's inbox as an open stream follows it: hears each change as the user's watches say, and
 * keeps the unread count without asking the database for every change. Used by one thread.
 */
final class InboxFollower {
  private final Followed followed;
  private final Caller caller;
  private final String user;
  private long touched;
  private List<StoredWatch> terms = List.of();
  private UserWatches listening = new UserWatches(List.of());
  private int unread;
  private long countedUpTo;

  InboxFollower(Followed followed, Caller caller) {
    this.followed = followed;
    this.caller = caller;
    this.user = caller.user();
    this.touched = followed.revisions().of(user);
    load();
  }

  private record State(List<StoredWatch> terms, int unread, long head) {}

  private void load() {
    State state = state();
    // Each look in a transaction of its own, so that others come in between.
    while (!followed.inbox().isCounted(user)) {
      state = state();
    }
    terms = state.terms();
    listening = new UserWatches(terms.stream().map(StoredWatch::watch).toList());
    unread = state.unread();
    countedUpTo = state.head();
  }

  private InboxStore.Reader reader(Handle handle) {
    return new InboxStore.Reader(user, followed.visibility().to(handle, caller));
  }

  private State state() {
    return followed
        .database()
        .read(handle ->
            new State(
                followed.watches().terms(handle, user),
                followed.inbox().unread(handle, reader(handle)),
                SqliteChangeLog.head(handle)));
  }

  /** The notification that the change is to this user, if any; it counts as unread. */
  Optional<InboxItem> hear(Change change) {
    refresh();
    return listening
        .hear(
            change,
            (who, what) ->
                followed.database().read(handle -> ParticipantStore.tookPart(handle, who, what)))
        .map(heard -> {
          unread += change.seq() > countedUpTo ? 1 : 0;
          StoredWatch told =
              terms.stream()
                  .filter(term -> term.watch().id() == heard.watch().id())
                  .findFirst()
                  .orElseThrow();
          return InboxItem.of(change, told, heard.reason(), Mark.UNREAD);
        });
  }

  int unread() {
    return unread;
  }

  /** The count afresh, when the user's watches or marks were touched since the last look. */
  OptionalInt recount() {
    return refresh() ? OptionalInt.of(unread) : OptionalInt.empty();
  }

  private boolean refresh() {
    long now = followed.revisions().of(user);
    if (now == touched) {
      return false;
    }
    touched = now;
    load();
    return true;
  }
}
