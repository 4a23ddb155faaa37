package dev.troth.server.delivery;

import dev.troth.server.db.Database;
import dev.troth.server.delivery.ClaimStore.Claim;
import dev.troth.server.delivery.DeliveryStore.Row;
import dev.troth.server.delivery.Pickup.Parcel;
import dev.troth.server.endpoint.PreparedChannel;
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
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** Makes one attempt at a message and says what came of it, for each change in it. */
final class Sender {
  private static final Logger LOG = System.getLogger("troth.watch");

  /** Who takes a message within this time may have more of them under way. */
  private static final Duration QUICK = Duration.ofSeconds(1);

  private final Database database;
  private final DeliveryStore deliveries;
  private final Pickup pickup;
  private final Map<String, Channel> channels;
  private final Timing timing;
  private final Map<String, LongAdder> made = new ConcurrentHashMap<>();

  Sender(DeliveryWorker.Stores stores, Map<String, Channel> channels, Timing timing) {
    this.database = stores.database();
    this.deliveries = stores.deliveries();
    this.pickup = stores.pickup();
    this.channels = Map.copyOf(channels);
    this.timing = timing;
  }

  /**
   * What became of some claims of a message.
   *
   * @param outcome of the attempt; empty if none was made
   */
  record Settlement(List<Claim> claims, Delivery after, Optional<Outcome> outcome) {
    Settlement {
      claims = List.copyOf(claims);
    }
  }

  /**
   * What became of a message; nothing, if it stands as it was and is claimed again when the lease
   * has ended.
   *
   * @param gone claims for which nobody waits any more
   * @param quick whether its receiver took it at once
   */
  record Result(Parcel parcel, List<Claim> gone, List<Settlement> settlements, boolean quick) {
    Result {
      gone = List.copyOf(gone);
      settlements = List.copyOf(settlements);
    }

    static Result none(Parcel parcel) {
      return new Result(parcel, List.of(), List.of(), false);
    }

    boolean isNothing() {
      return gone.isEmpty() && settlements.isEmpty();
    }
  }

  /**
   * Reads what a message needs; what sends it reads nothing more, but for a message of several
   * changes.
   */
  Supplier<Result> prepared(Handle handle, Parcel parcel) {
    return standing(handle, parcel, notification -> sending(handle, notification));
  }

  private Supplier<Outcome> sending(Handle handle, Notification notification) {
    return channels.get(UnderWay.kind(notification.channel())) instanceof PreparedChannel channel
        ? channel.prepare(handle, notification)
        : () -> channel(notification.channel()).deliver(notification);
  }

  /** Reads and tries; what cannot be read is an attempt that failed. */
  Result send(Parcel parcel) {
    return database
        .read(handle ->
            standing(
                handle,
                parcel,
                notification -> () -> channel(notification.channel()).deliver(notification)))
        .get();
  }

  private Supplier<Result> standing(
      Handle handle, Parcel parcel, Function<Notification, Supplier<Outcome>> sendingOf) {
    Claim claim = parcel.claims().getFirst();
    Row row = claim.row();
    if (!parcel.batch().isEmpty() && !parcel.batch().equals(row.key())) {
      return () -> together(parcel);
    }
    List<Claim> alone = List.of(claim);
    long newest = SuccessionStore.newest(handle, row);
    Optional<Notification> standing = deliveries.notification(handle, row);
    if (standing.isEmpty()) {
      return () -> new Result(parcel, alone, List.of(), false);
    }
    if (row.delivery().attempts() > 0 && newest > row.route().version()) {
      Settlement superseded =
          new Settlement(alone, row.delivery().superseded(newest), Optional.empty());
      return () -> new Result(parcel, List.of(), List.of(superseded), false);
    }
    Supplier<Outcome> sending = sendingOf.apply(standing.get());
    return () -> attempt(parcel, alone, sending);
  }

  /** A change of a message, with its claim. */
  private record Entry(Claim claim, Notification notification) {}

  private Result together(Parcel parcel) {
    List<Claim> nobodyWaits = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    for (Claim claim : parcel.claims()) {
      Optional<Notification> notification =
          database.read(handle -> deliveries.notification(handle, claim.row()));
      notification.ifPresentOrElse(
          found -> entries.add(new Entry(claim, found)), () -> nobodyWaits.add(claim));
    }
    List<Settlement> settlements = new ArrayList<>();
    List<Entry> told = collapsed(entries, settlements);
    if (told.isEmpty()) {
      return new Result(parcel, nobodyWaits, settlements, false);
    }
    Digest digest =
        new Digest(
            new NotificationKey(parcel.batch()), told.stream().map(Entry::notification).toList());
    Result made =
        attempt(
            parcel,
            told.stream().map(Entry::claim).toList(),
            () -> channel(digest.channel()).deliver(digest));
    settlements.addAll(made.settlements());
    return new Result(parcel, nobodyWaits, settlements, made.quick());
  }

  /**
   * Without the older changes of each subject, where the user wants the newest alone.
   *
   * @param settlements takes what becomes of those
   */
  private List<Entry> collapsed(List<Entry> entries, List<Settlement> settlements) {
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
        settlements.add(
            new Settlement(
                List.of(entry.claim()), row.delivery().superseded(version), Optional.empty()));
      } else {
        told.addFirst(entry);
        later.add(entry);
      }
    }
    return told;
  }

  private Result attempt(Parcel parcel, List<Claim> message, Supplier<Outcome> sending) {
    if (!database.replicas().holds()) {
      // Another may have it by now: what is not sent yet is not sent here.
      return Result.none(parcel);
    }
    Row first = message.getFirst().row();
    long began = System.nanoTime();
    Outcome outcome = outcome(first, sending);
    boolean quick =
        outcome instanceof Outcome.Delivered && System.nanoTime() - began < QUICK.toNanos();
    made.computeIfAbsent(outcome.word(), word -> new LongAdder()).increment();
    // All of a message is tried again at one time.
    Delivery after =
        first.delivery().after(outcome, timing.clock().instant(), timing.policy(), timing.random());
    Settlement settlement = new Settlement(message, after, Optional.of(outcome));
    return new Result(parcel, List.of(), List.of(settlement), quick);
  }

  private static Outcome outcome(Row row, Supplier<Outcome> sending) {
    try {
      return sending.get();
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.WARNING, "delivery " + row.key() + " failed: " + e, e);
      return new Outcome.Failed(e.toString(), Duration.ZERO);
    }
  }

  /** A channel may name one of several addresses: {@code webhook/ops} is a webhook. */
  private Channel channel(String name) {
    String kind = UnderWay.kind(name);
    Channel channel = channels.get(kind);
    if (channel == null) {
      throw new IllegalStateException("channel %s is not set up".formatted(kind));
    }
    return channel;
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
