package dev.troth.server.delivery;

import dev.troth.server.db.Database;
import dev.troth.server.db.Neighbour;
import dev.troth.server.db.Parts;
import dev.troth.server.db.Replicas;
import dev.troth.server.delivery.ClaimStore.Claim;
import dev.troth.server.delivery.ClaimStore.Receiver;
import dev.troth.server.delivery.DeliveryStore.Row;
import dev.troth.server.ops.Lifecycle;
import dev.troth.watch.delivery.Channel;
import dev.troth.watch.delivery.Delivery;
import dev.troth.watch.delivery.Notification;
import dev.troth.watch.delivery.Outcome;
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
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
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
  private final DeliveryStore deliveries;
  private final ClaimStore claims;
  private final CircuitBreaker breaker;
  private final Parts parts;
  private final Map<String, Channel> channels;
  private final Timing timing;
  private final Wakeup bell;
  private final Map<String, LongAdder> made = new ConcurrentHashMap<>();

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
      Database database, DeliveryStore deliveries, CircuitBreaker breaker, Parts parts) {}

  public DeliveryWorker(Stores stores, Map<String, Channel> channels, Timing timing, Wakeup bell) {
    this.database = stores.database();
    this.deliveries = stores.deliveries();
    this.claims = deliveries.claims();
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
        List<Claim> claimed = claim();
        for (Claim claim : claimed) {
          executor.execute(() -> attempt(claim));
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
  private List<Claim> claim() {
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
    List<Claim> claimed =
        database.write(
            handle -> parts.holds(handle, mine) ? claim(handle, busy, room, mine) : List.of());
    synchronized (this) {
      claimed.forEach(claim -> underWay.merge(claim.row().route().receiver(), 1, Integer::sum));
    }
    return claimed;
  }

  private List<Claim> claim(Handle handle, Map<Receiver, Integer> busy, int room, Parts.Mine mine) {
    List<Claim> claimed = new ArrayList<>();
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
      int sharing =
          Math.min(
              pace.atOnce() - underWay(kind, busy, claimed),
              MOST_PER_USER - underWayTo(last.user(), busy, claimed));
      if (sharing > 0 && claims.isDue(handle, last, now)) {
        int free =
            breaker.room(handle, last, busy.getOrDefault(last, 0), MOST_PER_RECEIVER, pace.apart());
        int most = Math.min(Math.min(free, sharing), room - claimed.size());
        if (most > 0) {
          claimed.addAll(claims.claim(handle, last, now, by, most));
        }
      }
      if (round && last.equals(first)) {
        break;
      }
    }
    return claimed;
  }

  /** How many attempts of a channel are under way or about to be, to all its receivers together. */
  private static int underWay(String kind, Map<Receiver, Integer> busy, List<Claim> claimed) {
    int count = 0;
    for (Map.Entry<Receiver, Integer> one : busy.entrySet()) {
      count += kind(one.getKey().channel()).equals(kind) ? one.getValue() : 0;
    }
    for (Claim claim : claimed) {
      count += kind(claim.row().route().channel()).equals(kind) ? 1 : 0;
    }
    return count;
  }

  /** How many attempts are under way or about to be, to all addresses of a user together. */
  private static int underWayTo(String user, Map<Receiver, Integer> busy, List<Claim> claimed) {
    int count = 0;
    for (Map.Entry<Receiver, Integer> one : busy.entrySet()) {
      count += one.getKey().user().equals(user) ? one.getValue() : 0;
    }
    for (Claim claim : claimed) {
      count += claim.row().route().user().equals(user) ? 1 : 0;
    }
    return count;
  }

  private Pace pace(String kind) {
    Channel channel = channels.get(kind);
    return channel == null ? Pace.FREE : channel.pace();
  }

  /** A channel may name one of several addresses: {@code webhook/ops} is a webhook. */
  private static String kind(String channel) {
    return channel.split("/", 2)[0];
  }

  private synchronized void leave(Claim claim) {
    underWay.computeIfPresent(
        claim.row().route().receiver(), (receiver, count) -> count == 1 ? null : count - 1);
  }

  private void attempt(Claim claim) {
    Row row = claim.row();
    try {
      long newest = database.read(handle -> SuccessionStore.newest(handle, row));
      Optional<Notification> notification =
          database.read(handle -> deliveries.notification(handle, row));
      if (notification.isEmpty()) {
        // Its watch has ended: nobody waits for it.
        database.write((Handle handle) -> {
          claims.drop(handle, claim);
          return true;
        });
      } else if (row.delivery().attempts() > 0 && newest > row.route().version()) {
        settle(claim, row.delivery().superseded(newest), Optional.empty());
      } else {
        if (!database.replicas().holds()) {
          // Another may have it by now: what is not sent yet is not sent here.
          return;
        }
        Outcome outcome = deliver(row, notification.get());
        made.computeIfAbsent(outcome.word(), word -> new LongAdder()).increment();
        Delivery after =
            row.delivery()
                .after(outcome, timing.clock().instant(), timing.policy(), timing.random());
        settle(claim, after, Optional.of(outcome));
      }
    } catch (RuntimeException e) {
      // The row stands as it was, and is claimed again when the lease has ended.
      LOG.log(Level.WARNING, "delivery " + row.key() + " could not be recorded: " + e, e);
    } finally {
      leave(claim);
      bell.ring();
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

  private Outcome deliver(Row row, Notification notification) {
    try {
      return channel(row).deliver(notification);
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.WARNING, "delivery " + row.key() + " failed: " + e, e);
      return new Outcome.Failed(e.toString(), Duration.ZERO);
    }
  }

  private Channel channel(Row row) {
    String kind = kind(row.route().channel());
    Channel channel = channels.get(kind);
    if (channel == null) {
      throw new IllegalStateException("channel %s is not set up".formatted(kind));
    }
    return channel;
  }

  private void settle(Claim claim, Delivery after, Optional<Outcome> outcome) {
    boolean mine =
        database.write((Handle handle) -> {
          boolean settled = claims.settle(handle, claim, after, outcome, timing.clock().instant());
          if (settled) {
            outcome.ifPresent(made -> breaker.learn(handle, claim.row(), made));
          }
          return settled;
        });
    if (!mine) {
      LOG.log(
          Level.WARNING,
          "delivery {0} took longer than its lease and was taken over",
          claim.row().key());
    }
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
