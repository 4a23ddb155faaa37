package dev.troth.server.delivery;

import dev.troth.server.db.Database;
import dev.troth.server.delivery.ClaimStore.Claim;
import dev.troth.server.delivery.ClaimStore.Receiver;
import dev.troth.server.delivery.Pickup.Parcel;
import dev.troth.server.delivery.Sender.Result;
import dev.troth.server.delivery.Sender.Settlement;
import dev.troth.watch.delivery.Outcome;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Writes down what came of messages, once for each receiver and for each change in them. */
final class Settlements {
  private static final Logger LOG = System.getLogger("troth.watch");

  private final Database database;
  private final ClaimStore claims;
  private final CircuitBreaker breaker;
  private final Clock clock;

  Settlements(DeliveryWorker.Stores stores, Clock clock) {
    this.database = stores.database();
    this.claims = stores.deliveries().claims();
    this.breaker = stores.breaker();
    this.clock = clock;
  }

  /** Writes down what came of several. */
  void write(Handle handle, List<Result> results) {
    Set<Receiver> well = new HashSet<>();
    for (Result result : results) {
      // Their watch has ended: nobody waits for them.
      result.gone().forEach(claim -> claims.drop(handle, claim));
      for (Settlement settlement : result.settlements()) {
        if (write(handle, settlement)) {
          settlement.outcome().ifPresent(outcome -> learn(handle, settlement, outcome, well));
        }
      }
    }
  }

  /** Writes one down by itself; what cannot be written is tried again when its lease has ended. */
  void writeAlone(Result result) {
    if (result.isNothing()) {
      return;
    }
    try {
      database.write((Handle handle) -> {
        write(handle, List.of(result));
        return true;
      });
    } catch (RuntimeException e) {
      couldNotBeRecorded(result.parcel(), e);
    }
  }

  static void couldNotBeRecorded(Parcel parcel, RuntimeException e) {
    String key = parcel.claims().getFirst().row().key();
    LOG.log(Level.WARNING, "delivery " + key + " could not be recorded: " + e, e);
  }

  /** False when another has it by now. */
  private boolean write(Handle handle, Settlement settlement) {
    boolean mine = true;
    for (Claim claim : settlement.claims()) {
      mine &=
          claims.settle(handle, claim, settlement.after(), settlement.outcome(), clock.instant());
    }
    if (!mine) {
      String key = settlement.claims().getFirst().row().key();
      handle.afterCommit(() ->
          LOG.log(
              Level.WARNING, "delivery {0} took longer than its lease and was taken over", key));
    }
    return mine;
  }

  /**
   * @param well receivers of which this transaction knows already that they work
   */
  private void learn(Handle handle, Settlement settlement, Outcome outcome, Set<Receiver> well) {
    DeliveryStore.Row row = settlement.claims().getFirst().row();
    Receiver receiver = row.route().receiver();
    boolean works = outcome instanceof Outcome.Delivered;
    if (!works) {
      boolean _ = well.remove(receiver);
    }
    if (!works || well.add(receiver)) {
      breaker.learn(handle, row, outcome);
    }
  }
}
