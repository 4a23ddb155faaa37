package dev.troth.server.delivery;

import dev.troth.server.auth.Caller;
import dev.troth.server.change.SubjectStore;
import dev.troth.server.db.Database;
import dev.troth.server.delivery.DeliveryStore.Position;
import dev.troth.server.delivery.DeliveryStore.Row;
import dev.troth.server.error.DomainException;
import dev.troth.server.http.Items;
import dev.troth.watch.delivery.Delivery;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Handle;

/** What was sent beside the inbox and what was not; dead letters can be sent again. */
public final class Deliveries {
  private final Database database;
  private final DeliveryStore store;
  private final Clock clock;
  private final Wakeup wakeup;
  private final Pickup pickup;

  public Deliveries(
      Database database, DeliveryStore store, Clock clock, Wakeup wakeup, Pickup pickup) {
    this.database = database;
    this.store = store;
    this.clock = clock;
    this.wakeup = wakeup;
    this.pickup = pickup;
  }

  /** A user's deliveries in a state, newest first, from where the page before ended. */
  public Items<DeliveryView> list(
      Caller caller, String user, Delivery.State state, String before, int limit) {
    caller.requireFor(user);
    Position from =
        before.isEmpty() ? Position.NEWEST : DomainException.valid(() -> Position.parse(before));
    List<Row> rows =
        database.read(
            handle -> store.list(handle, user, state.name().toLowerCase(Locale.ROOT), from, limit));
    return new Items<>(
        rows.stream().map(DeliveryView::of).toList(),
        rows.size() == limit
            ? new Position(rows.getLast().route().seq(), rows.getLast().key()).toString()
            : null);
  }

  /** The attempts of a delivery, the first first. */
  public List<AttemptView> attempts(Caller caller, String key) {
    return database.read(handle -> store.claims().attempts(handle, own(handle, caller, key).key()));
  }

  private Row own(Handle handle, Caller caller, String key) {
    return store
        .find(handle, key)
        .filter(found -> caller.mayActFor(found.route().user()))
        .orElseThrow(
            () -> new DomainException.NotFound("delivery %s does not exist".formatted(key)));
  }

  /** Sends a dead letter again. */
  public int replay(Caller caller, String key) {
    int count =
        database.write(handle -> {
          Row row = own(handle, caller, key);
          if (row.delivery().state() != Delivery.State.DEAD) {
            throw new DomainException.Conflict(
                "delivery %s is %s, expected dead".formatted(key, row.delivery().state()));
          }
          return replay(handle, List.of(row));
        });
    wakeup.ring();
    return count;
  }

  /**
   * Sends a user's dead letters of a range of changes again.
   *
   * @param channel the channel, or empty for all
   */
  public int replay(Caller caller, String user, SubjectStore.Range range, String channel) {
    caller.requireFor(user);
    int count = database.write(handle -> replay(handle, store.dead(handle, user, range, channel)));
    wakeup.ring();
    return count;
  }

  /** Asks a user's terms again of what they hold, in the transaction that changes them. */
  public void askAgain(Handle handle, String user) {
    pickup.askAgain(handle, user, clock.instant());
    database.replicas().tell(handle, DeliveryWorker.OWED);
    handle.afterCommit(wakeup::ring);
  }

  private int replay(Handle handle, List<Row> rows) {
    for (Row row : rows) {
      store.settle(handle, row.key(), row.delivery().replayed(clock.instant()));
    }
    return rows.size();
  }
}
