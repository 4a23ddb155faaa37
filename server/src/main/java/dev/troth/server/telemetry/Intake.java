package dev.troth.server.telemetry;

import dev.troth.server.db.Database;
import dev.troth.server.ops.Lifecycle;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The one way in for telemetry: a bounded queue and one thread that commits what waits in it, all
 * together, and then lets the senders go.
 *
 * <p>A burst makes transactions larger, not more. When the queue is full, {@link #offer} says so at
 * once, and the sender is asked to come again; nothing that was acknowledged is ever dropped.
 *
 * <p>Of several platforms on a database one counts, under a lease. The others store what they
 * receive for it, and it takes that together with its own. Where there is a {@link SpanCarrier},
 * spans go to who judges them by it, before the sender gets its answer.
 */
public final class Intake implements Lifecycle {
  private static final Logger LOG = System.getLogger(Intake.class.getName());

  private final Database database;
  private final Clock clock;
  private final List<Stage> stages;
  private final Limits limits;
  private final Optional<SpanCarrier> carrier;
  private final HandoverStore handover = new HandoverStore();
  private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile @Nullable Thread thread;
  private volatile boolean running;
  private volatile boolean ended;

  /** The hand that the lease is in, when it is this one's; else 0. Used by the one thread. */
  private long hand;

  private volatile boolean counts;
  private Instant asked = Instant.EPOCH;

  public Intake(Database database, Clock clock, Limits limits, List<Stage> stages) {
    this(database, clock, limits, stages, Optional.empty());
  }

  /**
   * An intake.
   *
   * @param carrier the way that spans go to be counted; empty if those who count are stages
   */
  public Intake(
      Database database,
      Clock clock,
      Limits limits,
      List<Stage> stages,
      Optional<SpanCarrier> carrier) {
    this.database = database;
    this.clock = clock;
    this.limits = limits;
    this.stages = List.copyOf(stages);
    this.carrier = carrier;
  }

  /**
   * What the intake bears.
   *
   * @param items spans, log lines and points that may wait
   * @param interval the longest time between two looks at the clock
   */
  public record Limits(int items, Duration interval) {
    public static final Limits DEFAULT = new Limits(50_000, Duration.ofMillis(250));
  }

  /** How often a platform that does not count asks whether it shall. */
  private static final Duration ASK_EVERY = Duration.ofSeconds(2);

  private record Waiting(Batch batch, CompletableFuture<Boolean> done) {}

  /** Put into the queue by who stops the thread, so that nobody waits for its next turn. */
  private static final Waiting STOP = new Waiting(Batch.EMPTY, new CompletableFuture<>());

  /** What became of an offer. */
  public enum Answer {
    /** It is on disk. */
    STORED,
    /** There is no room; come again in a second or so. */
    FULL,
    /** It could not be stored; come again. */
    FAILED
  }

  /** Hands over a batch and waits until it is on disk. */
  public Answer offer(Batch batch) {
    int size = batch.size();
    if (size == 0) {
      return Answer.STORED;
    }
    boolean room =
        stages.stream().filter(stage -> counts || stage.isEverywhere()).allMatch(Stage::hasRoom);
    // One batch may be longer than the queue; then it goes alone.
    boolean fits = waiting.addAndGet(size) <= limits.items || waiting.get() == size;
    if (!running || !room || !fits) {
      waiting.addAndGet(-size);
      refused.addAndGet(size);
      return running ? Answer.FULL : Answer.FAILED;
    }
    Waiting item = new Waiting(batch, new CompletableFuture<>());
    queue.add(item);
    if (ended) {
      // The last look at the queue may have been before this was in it.
      item.done.complete(false);
    }
    try {
      return item.done.join() ? Answer.STORED : Answer.FAILED;
    } catch (CompletionException failed) {
      return Answer.FAILED;
    } finally {
      waiting.addAndGet(-size);
    }
  }

  @Override
  public String name() {
    return "telemetry intake";
  }

  @Override
  public void start() {
    running = true;
    ended = false;
    hand = database.replicas().isShared() ? 0 : 1;
    counts = hand > 0;
    if (!counts) {
      // Who counts begins with the start, as a platform alone does: what comes next belongs to it.
      commit(List.of());
    }
    thread = Thread.ofPlatform().name("telemetry-intake").daemon(true).start(this::run);
  }

  /** Commits what has been accepted, then ends. */
  @Override
  public void stop() {
    running = false;
    queue.add(STOP);
    Thread working = thread;
    if (working != null) {
      try {
        working.join(Duration.ofSeconds(10));
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run() {
    try {
      while (running || !queue.isEmpty()) {
        List<Waiting> taken = new ArrayList<>();
        Waiting first = queue.poll(limits.interval.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
          taken.add(first);
          queue.drainTo(taken);
          taken.remove(STOP);
        }
        commit(taken);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      ended = true;
      queue.forEach(item -> item.done.complete(false));
    }
  }

  private void commit(List<Waiting> offered) {
    boolean stored = false;
    Instant now = clock.instant();
    List<Waiting> taken = carrier.map(way -> carried(way, offered, now)).orElse(offered);
    try {
      if (!taken.isEmpty() || isDue(now)) {
        List<Batch> batches = taken.stream().map(Waiting::batch).toList();
        List<Stage> took = database.write(handle -> take(handle, batches, now));
        took.forEach(Stage::committed);
        batches.forEach(batch -> received.addAndGet(batch.size()));
      }
      stored = true;
    } catch (RuntimeException failed) {
      stages.forEach(stage -> stage.failed(now));
      LOG.log(Level.WARNING, "telemetry could not be stored, senders will retry: " + failed);
    } finally {
      for (Waiting item : taken) {
        item.done.complete(stored);
      }
    }
  }

  /** Sends the spans on their way; returns what is left when that fails: what has no spans. */
  private static List<Waiting> carried(SpanCarrier way, List<Waiting> offered, Instant now) {
    List<SpanRecord> spans = new ArrayList<>();
    offered.forEach(item -> spans.addAll(item.batch.spans()));
    if (spans.isEmpty()) {
      return offered;
    }
    try {
      way.carry(spans, now);
      return offered;
    } catch (RuntimeException failed) {
      LOG.log(Level.WARNING, "spans could not be sent on, senders will retry: " + failed);
      List<Waiting> others = new ArrayList<>();
      for (Waiting item : offered) {
        if (item.batch.spans().isEmpty()) {
          others.add(item);
        } else {
          item.done.complete(false);
        }
      }
      return others;
    }
  }

  /** Whether there is something to do although nothing was received. */
  private boolean isDue(Instant now) {
    if (stages.stream().filter(this::isDoneHere).anyMatch(stage -> stage.pending(now))) {
      return true;
    }
    if (!database.replicas().isShared()) {
      return false;
    }
    return counts
        ? database.read(handover::waiting) > 0
        : now.isBefore(asked) || !now.isBefore(asked.plus(ASK_EVERY));
  }

  private boolean isDoneHere(Stage stage) {
    return counts || stage.isEverywhere();
  }

  private List<Stage> take(Handle handle, List<Batch> batches, Instant now) {
    asked = now;
    change(database.replicas().lease("objectives").take(handle));
    List<Batch> all = new ArrayList<>();
    List<Batch> own =
        carrier.isEmpty() ? batches : batches.stream().map(Batch::withoutSpans).toList();
    if (!counts) {
      if (handover.waiting(handle) > limits.items) {
        throw new IllegalStateException(
            "more than %d items wait for the platform that counts them".formatted(limits.items));
      }
      handover.give(handle, own);
    } else if (database.replicas().isShared()) {
      // First, since it is older.
      all.addAll(handover.take(handle, limits.items));
    }
    all.addAll(own);
    List<Stage> took = stages.stream().filter(this::isDoneHere).toList();
    took.forEach(stage -> stage.take(handle, stage.isEverywhere() ? batches : all, now));
    return took;
  }

  /** Notices that the lease came here or went. */
  private void change(long now) {
    if (now == hand) {
      return;
    }
    hand = now;
    counts = now > 0;
    for (Stage stage : stages) {
      if (counts) {
        stage.takenOver();
      } else {
        stage.handedOver();
      }
    }
  }

  /** Items that wait for the next commit. */
  public int waiting() {
    return waiting.get();
  }

  /** Items stored since the start. */
  public long received() {
    return received.get();
  }

  /** Items that senders were asked to send again, since the start. */
  public long refused() {
    return refused.get();
  }
}
