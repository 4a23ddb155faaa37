package dev.troth.server.watch;

import dev.troth.server.change.Revisions;
import dev.troth.server.http.Parameters;
import dev.troth.server.watch.WatchStore.Watched;
import dev.troth.watch.WatchSettings;
import dev.troth.watch.change.Target;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/** Where watches are made, changed and ended; whoever listens for the user is woken after it. */
public final class Watches {
  private final WatchStore watches;
  private final Revisions touches;

  public Watches(WatchStore watches, Revisions touches) {
    this.watches = watches;
    this.touches = touches;
  }

  public Watched watch(Handle handle, String user, Target target, WatchSettings wish) {
    Watched watched = Parameters.valid(() -> watches.watch(handle, user, target, wish));
    if (watched.created()) {
      touch(handle, user);
    }
    return watched;
  }

  StoredWatch edit(Handle handle, StoredWatch standing, UnaryOperator<WatchSettings> change) {
    WatchSettings wish = Parameters.valid(() -> change.apply(standing.watch().wish()));
    if (wish.equals(standing.watch().wish())) {
      return standing;
    }
    touch(handle, standing.watch().user());
    return watches.edit(handle, standing, wish);
  }

  public void unwatch(Handle handle, StoredWatch standing) {
    watches.unwatch(handle, standing);
    touch(handle, standing.watch().user());
  }

  private void touch(Handle handle, String user) {
    handle.afterCommit(() -> touches.touch(user));
  }
}
