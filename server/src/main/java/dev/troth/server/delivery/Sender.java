package dev.troth.server.delivery;

import dev.troth.server.db.Database;
import dev.troth.server.delivery.ClaimStore.Claim;
import dev.troth.server.delivery.DeliveryStore.Row;
import dev.troth.server.delivery.Pickup.Parcel;
import dev.troth.watch.change.Condition;
import dev.troth.watch.delivery.Channel;
import dev.troth.watch.delivery.Delivery;
import dev.troth.watch.delivery.Digest;
import dev.troth.watch.delivery.Notification;
import dev.troth.watch.delivery.NotificationKey;
import dev.troth.watch.delivery.Outcome;
import dev.troth.watch.fanout.Dispatcher.Timing;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** Makes one attempt at a message and writes down what came of it, for each change in it. */
final class Sender {
  private static final Logger LOG = System.getLogger("troth.watch");

  private final Database database;
  private final DeliveryStore deliveries;
  private final ClaimStore claims;
  private final CircuitBreaker breaker;
  private final Pickup pickup;
  private final Map<String, Channel> channels;
  private final Timing timing;
  private final Map<String, LongAdder> made = new ConcurrentHashMap<>();

  Sender(DeliveryWorker.Stores stores, Map<String, Channel> channels, Timing timing) {
    this.database = stores.database();
    this.deliveries = stores.deliveries();
    this.claims = deliveries.claims();
    this.breaker = stores.breaker();
    this.pickup = stores.pickup();
    this.channels = Map.copyOf(channels);
    this.timing = timing;
  }

  /** Tries once. Never throws: what cannot be recorded is tried again when the lease has ended. */
  void send(Parcel parcel) {
    Claim first = parcel.claims().getFirst();
    try {
      if (parcel.batch().isEmpty() || parcel.batch().equals(first.row().key())) {
        single(first);
      } else {
        together(parcel);
      }
    } catch (RuntimeException e) {
      // The row stands as it was, and is claimed again when the lease has ended.
      LOG.log(Level.WARNING, "delivery " + first.row().key() + " could not be recorded: " + e, e);
    }
  }

  private void single(Claim claim) {
    Row row = claim.row();
    Standing standing =
        database.read(handle ->
            new Standing(
                SuccessionStore.newest(handle, row), deliveries.notification(handle, row)));
    if (standing.notification().isEmpty()) {
      drop(List.of(claim));
    } else if (row.delivery().attempts() > 0 && standing.newest() > row.route().version()) {
      settle(List.of(claim), row.delivery().superseded(standing.newest()), Optional.empty());
    } else {
      attempt(
          List.of(claim),
          row,
          () -> channel(row.route().channel()).deliver(standing.notification().get()));
    }
  }

  /** What is known of a delivery when its turn comes. */
  private record Standing(long newest, Optional<Notification> notification) {}

  /** A change of a message, with its claim. */
  private record Entry(Claim claim, Notification notification) {}

  private void together(Parcel parcel) {
    List<Claim> nobodyWaits = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    for (Claim claim : parcel.claims()) {
      Optional<Notification> notification =
          database.read(handle -> deliveries.notification(handle, claim.row()));
      notification.ifPresentOrElse(
          found -> entries.add(new Entry(claim, found)), () -> nobodyWaits.add(claim));
    }
    drop(nobodyWaits);
    List<Entry> told = collapsed(entries);
    if (told.isEmpty()) {
      return;
    }
    Digest digest =
        new Digest(
            new NotificationKey(parcel.batch()), told.stream().map(Entry::notification).toList());
    attempt(
        told.stream().map(Entry::claim).toList(),
        told.getFirst().claim().row(),
        () -> channel(digest.channel()).deliver(digest));
  }

  /** Without the older changes of each subject, where the user wants the newest alone. */
  private List<Entry> collapsed(List<Entry> entries) {
    Map<String, List<Entry>> newer = new HashMap<>();
    List<Entry> told = new ArrayList<>();
    for (Entry entry : entries.reversed()) {
      Row row = entry.claim().row();
      List<Entry> later =
          newer.computeIfAbsent(
              row.route().watch() + " " + row.route().subject(), place -> new ArrayList<>());
      Condition own = Condition.of(entry.notification().change());
      Optional<Entry> outdating =
          later.stream()
              .filter(one -> Condition.of(one.notification().change()).outdates(own))
              .findFirst();
      if (outdating.isPresent() && database.read(handle -> pickup.collapses(handle, row))) {
        long version = outdating.get().notification().change().version();
        settle(List.of(entry.claim()), row.delivery().superseded(version), Optional.empty());
      } else {
        told.addFirst(entry);
        later.add(entry);
      }
    }
    return told;
  }

  private void attempt(List<Claim> message, Row first, Supplier<Outcome> sending) {
    if (!database.replicas().holds()) {
      // Another may have it by now: what is not sent yet is not sent here.
      return;
    }
    Outcome outcome = outcome(first, sending);
    made.computeIfAbsent(outcome.word(), word -> new LongAdder()).increment();
    // All of a message is tried again at one time.
    Delivery after =
        first.delivery().after(outcome, timing.clock().instant(), timing.policy(), timing.random());
    settle(message, after, Optional.of(outcome));
  }

  private static Outcome outcome(Row row, Supplier<Outcome> sending) {
    try {
      return sending.get();
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.WARNING, "delivery " + row.key() + " failed: " + e, e);
      return new Outcome.Failed(e.toString(), Duration.ZERO);
    }
  }

  /** Their watch has ended: nobody waits for them. */
  private void drop(List<Claim> gone) {
    if (!gone.isEmpty()) {
      database.write((Handle handle) -> {
        gone.forEach(claim -> claims.drop(handle, claim));
        return true;
      });
    }
  }

  /** A channel may name one of several addresses: {@code webhook/ops} is a webhook. */
  private Channel channel(String name) {
    String kind = name.split("/", 2)[0];
    Channel channel = channels.get(kind);
    if (channel == null) {
      throw new IllegalStateException("channel %s is not set up".formatted(kind));
    }
    return channel;
  }

  /** Writes down what came of a message, once for its receiver and for each change in it. */
  private void settle(List<Claim> message, Delivery after, Optional<Outcome> outcome) {
    boolean mine =
        database.write((Handle handle) -> {
          boolean settled = true;
          for (Claim claim : message) {
            settled &= claims.settle(handle, claim, after, outcome, timing.clock().instant());
          }
          if (settled) {
            outcome.ifPresent(made -> breaker.learn(handle, message.getFirst().row(), made));
          }
          return settled;
        });
    if (!mine) {
      LOG.log(
          Level.WARNING,
          "delivery {0} took longer than its lease and was taken over",
          message.getFirst().row().key());
    }
  }

  /** How often attempts came to what, since the start. */
  Map<String, Long> attempts() {
    Map<String, Long> counts = new TreeMap<>();
    for (String word : Outcome.WORDS) {
      LongAdder count = made.get(word);
      counts.put(word, count == null ? 0 : count.sum());
    }
    return counts;
  }
}
