package dev.troth.server.delivery;

import dev.troth.server.db.Database;
import dev.troth.server.db.Neighbour;
import dev.troth.server.db.Parts;
import dev.troth.server.db.Replicas;
import dev.troth.server.delivery.ClaimStore.Receiver;
import dev.troth.server.delivery.Pickup.Parcel;
import dev.troth.server.delivery.Sender.Result;
import dev.troth.server.ops.Lifecycle;
import dev.troth.watch.delivery.Channel;
import dev.troth.watch.delivery.Pace;
import dev.troth.watch.fanout.Dispatcher.Timing;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Makes the deliveries that are due: many at a time, few to one receiver, each receiver in its
 * turn. What is under way is claimed in the store; what is when the process dies is due again at
 * the next start, or with the replica that takes its part over.
 *
 * <p>One thread writes down what came of attempts and claims the next, in one transaction; it also
 * reads what those need, and lets them go.
 */
public final class DeliveryWorker implements Lifecycle, Neighbour {
  /** What replicas tell each other when something is to be delivered. */
  static final String OWED = "owed";

  private static final Logger LOG = System.getLogger("troth.watch");

  /** Receivers looked at for one round of claims, which is one transaction. */
  private static final int RECEIVERS_PER_LOOK = 256;

  /** Longer than any attempt takes. */
  private static final Duration LEASE = Duration.ofSeconds(90);

  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Database database;
  private final ClaimStore claims;
  private final Pickup pickup;
  private final Sender sender;
  private final CircuitBreaker breaker;
  private final Settlements settlements;
  private final Parts parts;
  private final Map<String, Channel> channels;
  private final Timing timing;
  private final Wakeup bell;

  /** Attempts of this process; used by the looking thread alone. */
  private final UnderWay underWay = new UnderWay();

  /** What came of attempts that have ended, until it is written down. */
  private final Queue<Result> ended = new ConcurrentLinkedQueue<>();

  /** Whose turn was last; used by the looking thread alone. */
  private Receiver last = Receiver.FIRST;

  private @Nullable Thread thread;
  private @Nullable ExecutorService attempts;
  private volatile boolean stopping;

  /**
   * What the worker reads and writes.
   *
   * @param parts those whose users it delivers to
   */
  public record Stores(
      Database database,
      DeliveryStore deliveries,
      CircuitBreaker breaker,
      Parts parts,
      Pickup pickup) {}

  public DeliveryWorker(Stores stores, Map<String, Channel> channels, Timing timing, Wakeup bell) {
    this.database = stores.database();
    this.claims = stores.deliveries().claims();
    this.pickup = stores.pickup();
    this.sender = new Sender(stores, channels, timing);
    this.breaker = stores.breaker();
    this.settlements = new Settlements(stores, timing.clock());
    this.parts = stores.parts();
    this.channels = Map.copyOf(channels);
    this.timing = timing;
    this.bell = bell;
  }

  @Override
  public String name() {
    return "deliveries";
  }

  @Override
  public void heard(String topic) {
    if (topic.equals(OWED)) {
      bell.ring();
    }
  }

  @Override
  public void start() {
    stopping = false;
    database.replicas().add(this);
    if (!database.replicas().isShared()) {
      // Claims of replicas end with their replicas.
      database.write((Handle handle) -> {
        claims.endAll(handle);
        return true;
      });
    }
    attempts = Executors.newVirtualThreadPerTaskExecutor();
    ExecutorService started = attempts;
    thread = Thread.ofPlatform().name("watch-deliver").daemon(true).start(() -> run(started));
  }

  private void run(ExecutorService executor) {
    while (!stopping) {
      try {
        List<Parcel> claimed = round();
        begin(claimed, executor);
        if (claimed.isEmpty()) {
          bell.await(LOOK);
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "looking for due deliveries failed: " + e, e);
        try {
          bell.await(LOOK);
        } catch (InterruptedException stop) {
          return;
        }
      }
    }
  }

  /** Writes down what came of attempts, and claims what may be tried now. */
  private List<Parcel> round() {
    List<Result> results = results();
    for (Result result : results) {
      underWay.end(result.parcel().receiver(), result.quick());
    }
    Parts.Mine mine = parts.mine();
    if (results.stream().allMatch(Result::isNothing)
        && (underWay.isFull()
            || !database.read(handle -> claims.after(handle, Receiver.FIRST, mine).isPresent()))) {
      return List.of();
    }
    List<Parcel> claimed;
    try {
      claimed =
          database.write(handle -> {
            settlements.write(handle, results);
            return parts.holds(handle, mine) ? claim(handle, mine) : List.of();
          });
    } catch (RuntimeException e) {
      // What one of them met says nothing of the others: what was sent is not sent again for it.
      results.forEach(settlements::writeAlone);
      throw e;
    }
    claimed.forEach(parcel -> underWay.begin(parcel.receiver()));
    return claimed;
  }

  private List<Result> results() {
    List<Result> results = new ArrayList<>();
    for (Result next = ended.poll(); next != null; next = ended.poll()) {
      results.add(next);
    }
    return results;
  }

  /** Reads what the messages need, in one look, and sends each on a thread of its own. */
  private void begin(List<Parcel> claimed, ExecutorService executor) {
    if (claimed.isEmpty()) {
      return;
    }
    List<Supplier<Result>> sending;
    try {
      sending =
          database.read(
              handle -> claimed.stream().map(parcel -> sender.prepared(handle, parcel)).toList());
    } catch (RuntimeException e) {
      // Whichever could not be read, each of the others can.
      sending = claimed.stream().<Supplier<Result>>map(one -> () -> sender.send(one)).toList();
    }
    for (int i = 0; i < claimed.size(); i++) {
      Parcel parcel = claimed.get(i);
      Supplier<Result> one = sending.get(i);
      executor.execute(() -> attempt(parcel, one));
    }
  }

  /** Claims receiver after receiver from where the last round ended. */
  private List<Parcel> claim(Handle handle, Parts.Mine mine) {
    List<Parcel> claimed = new ArrayList<>();
    UnderWay planned = underWay.copy();
    Replicas replicas = database.replicas();
    ClaimStore.By by = new ClaimStore.By(mine.number(), replicas.living(handle), LEASE);
    Instant now = timing.clock().instant();
    Receiver first = last;
    boolean round = false;
    for (int i = 0; i < RECEIVERS_PER_LOOK && !planned.isFull(); i++) {
      Optional<Receiver> next = claims.after(handle, last, mine);
      if (next.isEmpty()) {
        if (round) {
          break;
        }
        round = true;
        last = Receiver.FIRST;
        continue;
      }
      last = next.get();
      Pace pace = pace(UnderWay.kind(last.channel()));
      int room = planned.room(last, pace);
      if (room > 0 && claims.isDue(handle, last, now)) {
        int has = planned.to(last);
        int most = Math.min(room, breaker.room(handle, last, has, has + room, pace.apart()));
        if (most > 0) {
          for (Parcel parcel : pickup.next(handle, last, now, by, most)) {
            claimed.add(parcel);
            planned.begin(last);
          }
        }
      }
      if (round && last.equals(first)) {
        break;
      }
    }
    return claimed;
  }

  private Pace pace(String kind) {
    Channel channel = channels.get(kind);
    return channel == null ? Pace.FREE : channel.pace();
  }

  /** Never throws: what cannot be recorded is tried again when the lease has ended. */
  private void attempt(Parcel parcel, Supplier<Result> sending) {
    Result result = Result.none(parcel);
    try {
      result = sending.get();
    } catch (RuntimeException e) {
      // The row stands as it was, and is claimed again when the lease has ended.
      Settlements.couldNotBeRecorded(parcel, e);
    } finally {
      ended.add(result);
      bell.ring();
    }
  }

  /** How often attempts came to what, since the start. */
  Map<String, Long> attempts() {
    return sender.attempts();
  }

  /** Lets attempts in flight end for a moment; those that do not are made again later. */
  @Override
  public void stop() {
    stopping = true;
    bell.ring();
    ExecutorService running = attempts;
    Thread looking = thread;
    if (running == null || looking == null) {
      return;
    }
    try {
      looking.join(Duration.ofSeconds(2));
      running.shutdown();
      if (!running.awaitTermination(5, TimeUnit.SECONDS)) {
        running.shutdownNow();
      }
    } catch (InterruptedException e) {
      running.shutdownNow();
      Thread.currentThread().interrupt();
    }
    results().forEach(settlements::writeAlone);
  }
}
