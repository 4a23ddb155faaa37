package dev.troth.server.delivery;

import dev.troth.server.db.Database;
import dev.troth.server.delivery.DeliveryStore.Row;
import dev.troth.server.ops.Lifecycle;
import dev.troth.watch.delivery.Channel;
import dev.troth.watch.delivery.Delivery;
import dev.troth.watch.delivery.Notification;
import dev.troth.watch.delivery.Outcome;
import dev.troth.watch.fanout.Dispatcher.Timing;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Makes the deliveries that are due: many at a time, few to one receiver, one at a time of one
 * subject to one watch. What is in flight when the process dies is still due at the next start.
 */
public final class DeliveryWorker implements Lifecycle {
  private static final Logger LOG = System.getLogger("troth.watch");
  private static final int MOST = 64;
  private static final int MOST_PER_LANE = 4;
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final List<String> OUTCOMES = List.of("delivered", "failed", "refused", "gone");

  private final Database database;
  private final DeliveryStore deliveries;
  private final CircuitBreaker receivers;
  private final Map<String, Channel> channels;
  private final Timing timing;
  private final Wakeup bell;
  private final Map<String, LongAdder> made = new ConcurrentHashMap<>();

  /** What is being tried now: rows by key, receivers by lane, order by thread. Guarded by this. */
  private final Set<String> keys = new HashSet<>();

  private final Map<String, Integer> lanes = new HashMap<>();
  private final Set<String> threads = new HashSet<>();
  private @Nullable Thread thread;
  private @Nullable ExecutorService attempts;
  private volatile boolean stopping;

  /** What the worker writes to. */
  public record Stores(Database database, DeliveryStore deliveries, CircuitBreaker receivers) {}

  public DeliveryWorker(Stores stores, Map<String, Channel> channels, Timing timing, Wakeup bell) {
    this.database = stores.database();
    this.deliveries = stores.deliveries();
    this.receivers = stores.receivers();
    this.channels = Map.copyOf(channels);
    this.timing = timing;
    this.bell = bell;
  }

  @Override
  public String name() {
    return "deliveries";
  }

  @Override
  public void start() {
    stopping = false;
    attempts = Executors.newVirtualThreadPerTaskExecutor();
    ExecutorService started = attempts;
    thread = Thread.ofPlatform().name("watch-deliver").daemon(true).start(() -> run(started));
  }

  private void run(ExecutorService executor) {
    while (!stopping) {
      try {
        List<Row> due = due();
        for (Row row : due) {
          executor.execute(() -> attempt(row));
        }
        if (due.isEmpty()) {
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

  /** Rows that may be tried now; they count as in flight from here on. */
  private List<Row> due() {
    Set<String> busy = new HashSet<>();
    int room;
    synchronized (this) {
      room = MOST - keys.size();
      lanes.forEach((lane, count) -> {
        if (count >= MOST_PER_LANE) {
          busy.add(lane);
        }
      });
    }
    if (room <= 0) {
      return List.of();
    }
    List<Row> found =
        database.read(handle -> deliveries.due(handle, timing.clock().instant(), busy, 2 * MOST));
    synchronized (this) {
      return found.stream().filter(this::enter).limit(room).toList();
    }
  }

  private synchronized boolean enter(Row row) {
    String lane = row.route().lane();
    boolean free =
        keys.size() < MOST
            && !keys.contains(row.key())
            && !threads.contains(row.route().thread())
            && lanes.getOrDefault(lane, 0) < MOST_PER_LANE;
    if (free) {
      keys.add(row.key());
      threads.add(row.route().thread());
      lanes.merge(lane, 1, Integer::sum);
    }
    return free;
  }

  private synchronized void leave(Row row) {
    keys.remove(row.key());
    threads.remove(row.route().thread());
    lanes.computeIfPresent(row.route().lane(), (lane, count) -> count == 1 ? null : count - 1);
  }

  private void attempt(Row row) {
    try {
      long newest = database.read(handle -> deliveries.newestVersion(handle, row));
      if (row.delivery().attempts() > 0 && newest > row.route().version()) {
        settle(row, row.delivery().superseded(newest), Optional.empty());
      } else {
        Outcome outcome = deliver(row);
        made.computeIfAbsent(word(outcome), word -> new LongAdder()).increment();
        Delivery after =
            row.delivery()
                .after(outcome, timing.clock().instant(), timing.policy(), timing.random());
        settle(row, after, Optional.of(outcome));
      }
      leave(row);
      bell.ring();
    } catch (RuntimeException e) {
      // The row stands as it was, and is found again by the next look.
      LOG.log(Level.WARNING, "delivery " + row.key() + " could not be recorded: " + e, e);
      leave(row);
    }
  }

  /** How often attempts came to what, since the start. */
  Map<String, Long> attempts() {
    Map<String, Long> counts = new TreeMap<>();
    for (String word : OUTCOMES) {
      LongAdder count = made.get(word);
      counts.put(word, count == null ? 0 : count.sum());
    }
    return counts;
  }

  private static String word(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Delivered _ -> "delivered";
      case Outcome.Failed _ -> "failed";
      case Outcome.Refused _ -> "refused";
      case Outcome.Gone _ -> "gone";
    };
  }

  private Outcome deliver(Row row) {
    try {
      Optional<Notification> notification =
          database.read(handle -> deliveries.notification(handle, row));
      return notification.isEmpty()
          ? new Outcome.Refused("the watch has ended")
          : channel(row).deliver(notification.get());
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.WARNING, "delivery " + row.key() + " failed: " + e, e);
      return new Outcome.Failed(e.toString(), Duration.ZERO);
    }
  }

  private Channel channel(Row row) {
    String kind = row.route().channel().split("/", 2)[0];
    Channel channel = channels.get(kind);
    if (channel == null) {
      throw new IllegalStateException("channel %s is not set up".formatted(kind));
    }
    return channel;
  }

  private void settle(Row row, Delivery after, Optional<Outcome> outcome) {
    database.write((Handle handle) -> {
      deliveries.settle(handle, row.key(), after);
      outcome.ifPresent(made -> receivers.learn(handle, row, after, made));
      return after;
    });
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
