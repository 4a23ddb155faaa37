package dev.troth.server.delivery;

import dev.troth.server.db.Database;
import dev.troth.server.db.Neighbour;
import dev.troth.server.db.Parts;
import dev.troth.server.db.Replicas;
import dev.troth.server.delivery.ClaimStore.Receiver;
import dev.troth.server.delivery.Pickup.Parcel;
import dev.troth.server.ops.Lifecycle;
import dev.troth.watch.delivery.Channel;
import dev.troth.watch.delivery.Pace;
import dev.troth.watch.fanout.Dispatcher.Timing;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Makes the deliveries that are due: many at a time, few to one receiver, each receiver in its
 * turn. What is under way is claimed in the store; what is when the process dies is due again at
 * the next start, or with the replica that takes its part over.
 */
public final class DeliveryWorker implements Lifecycle, Neighbour {
  /** What replicas tell each other when something is to be delivered. */
  static final String OWED = "owed";

  private static final Logger LOG = System.getLogger("troth.watch");
  private static final int MOST = 64;
  private static final int MOST_PER_RECEIVER = 4;

  /** However many addresses somebody has, others keep three quarters of the room. */
  private static final int MOST_PER_USER = MOST / 4;

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
  private final Parts parts;
  private final Map<String, Channel> channels;
  private final Timing timing;
  private final Wakeup bell;

  /** Attempts of this process that are under way, by receiver. Guarded by this. */
  private final Map<Receiver, Integer> underWay = new HashMap<>();

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
        List<Parcel> claimed = claim();
        for (Parcel parcel : claimed) {
          executor.execute(() -> attempt(parcel));
        }
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

  /** Claims what may be tried now, receiver after receiver from where the last round ended. */
  private List<Parcel> claim() {
    Map<Receiver, Integer> busy;
    synchronized (this) {
      busy = Map.copyOf(underWay);
    }
    int room = MOST - busy.values().stream().mapToInt(Integer::intValue).sum();
    Parts.Mine mine = parts.mine();
    if (room <= 0
        || !database.read(handle -> claims.after(handle, Receiver.FIRST, mine).isPresent())) {
      return List.of();
    }
    List<Parcel> claimed =
        database.write(
            handle -> parts.holds(handle, mine) ? claim(handle, busy, room, mine) : List.of());
    synchronized (this) {
      claimed.forEach(parcel -> underWay.merge(parcel.receiver(), 1, Integer::sum));
    }
    return claimed;
  }

  private List<Parcel> claim(
      Handle handle, Map<Receiver, Integer> busy, int room, Parts.Mine mine) {
    List<Parcel> claimed = new ArrayList<>();
    Replicas replicas = database.replicas();
    ClaimStore.By by = new ClaimStore.By(mine.number(), replicas.living(handle), LEASE);
    Instant now = timing.clock().instant();
    Receiver first = last;
    boolean round = false;
    for (int i = 0; i < RECEIVERS_PER_LOOK && claimed.size() < room; i++) {
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
      String kind = kind(last.channel());
      Pace pace = pace(kind);
      int sharing = sharing(last.user(), kind, pace, busy, claimed);
      if (sharing > 0 && claims.isDue(handle, last, now)) {
        int free =
            breaker.room(handle, last, busy.getOrDefault(last, 0), MOST_PER_RECEIVER, pace.apart());
        int most = Math.min(Math.min(free, sharing), room - claimed.size());
        if (most > 0) {
          claimed.addAll(pickup.next(handle, last, now, by, most));
        }
      }
      if (round && last.equals(first)) {
        break;
      }
    }
    return claimed;
  }

  /** How many more may go to a user on a channel now, with all that is or is about to be. */
  private static int sharing(
      String user, String kind, Pace pace, Map<Receiver, Integer> busy, List<Parcel> claimed) {
    Map<Receiver, Integer> all = new HashMap<>(busy);
    claimed.forEach(parcel -> all.merge(parcel.receiver(), 1, Integer::sum));
    int channels = 0;
    int users = 0;
    int both = 0;
    for (Map.Entry<Receiver, Integer> one : all.entrySet()) {
      boolean same = kind(one.getKey().channel()).equals(kind);
      boolean own = one.getKey().user().equals(user);
      channels += same ? one.getValue() : 0;
      users += own ? one.getValue() : 0;
      both += same && own ? one.getValue() : 0;
    }
    return Math.min(
        pace.atOnce() - channels, Math.min(pace.ofOneUser() - both, MOST_PER_USER - users));
  }

  private Pace pace(String kind) {
    Channel channel = channels.get(kind);
    return channel == null ? Pace.FREE : channel.pace();
  }

  /** A channel may name one of several addresses: {@code webhook/ops} is a webhook. */
  private static String kind(String channel) {
    return channel.split("/", 2)[0];
  }

  private synchronized void leave(Parcel parcel) {
    underWay.computeIfPresent(
        parcel.receiver(), (receiver, count) -> count == 1 ? null : count - 1);
  }

  private void attempt(Parcel parcel) {
    try {
      sender.send(parcel);
    } finally {
      leave(parcel);
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
  }
}
