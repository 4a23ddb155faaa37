package dev.troth.server.counting;

import dev.troth.slo.chain.Requests.Limits;
import dev.troth.slo.chain.Requests.Receipt;
import dev.troth.slo.chain.Span;
import dev.troth.slo.engine.RequestSums;
import dev.troth.slo.objective.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * A partition of spans as the platform that has it counts it: messages in, sums out.
 *
 * <p>Its open requests, its sums and its place are stored in one transaction, so that whoever has
 * it next goes on exactly there. Time in it is that of its messages: who reads them late judges
 * them as if it had been there, and not before the rest of a request could be read. If a commit
 * fails, this is thrown away and loaded again. Not thread-safe.
 */
public final class CountedPartition {
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(10);
  private static final String UNREADABLE = "unreadableMessages";
  private static final String GONE = "messagesGone";

  private final RequestSums sums;
  private final Limits limits;
  private final PartitionStore store;
  private final OpenRequestStore open;
  private final List<OpenRequestStore.Arrival> taken = new ArrayList<>();
  private final Map<String, Long> losses = new TreeMap<>();
  private Map<String, Long> lossesBefore = new HashMap<>();
  private long version;
  private long savedVersion;
  private OptionalLong next = OptionalLong.empty();
  private boolean moved;
  private boolean mayHold;
  private Instant time = Instant.EPOCH;
  private Instant swept = Instant.EPOCH;

  private CountedPartition(
      List<Objective> objectives, Limits limits, PartitionStore store, OpenRequestStore open) {
    this.sums = new RequestSums(objectives, limits);
    this.limits = limits;
    this.store = store;
    this.open = open;
  }

  /** What is counted, and how much is kept of open requests of a partition. */
  public record Terms(List<Objective> objectives, Limits limits) {
    public Terms {
      objectives = List.copyOf(objectives);
    }
  }

  /** The partition as its last reader left it. */
  public static CountedPartition load(Handle handle, Terms terms, String topic, int part) {
    PartitionStore store = new PartitionStore(topic, part);
    OpenRequestStore open = new OpenRequestStore(topic + "/" + part);
    var partition = new CountedPartition(terms.objectives(), terms.limits(), store, open);
    store.standing(handle).ifPresent(standing -> partition.goOn(handle, standing));
    return partition;
  }

  private void goOn(Handle handle, PartitionStore.Standing standing) {
    version = standing.version();
    next = OptionalLong.of(standing.next());
    time = standing.judged();
    mayHold = true;
    open.rejoin(handle, time, sums::accept, sums::rejoin);
    lossesBefore = Counting.losses(sums.requests().losses());
  }

  /** The message to go on at; empty if nothing was ever taken. */
  public OptionalLong next() {
    return next;
  }

  /** Up to when it is counted. */
  public Instant time() {
    return time;
  }

  /** Takes a message; one that is none is counted as lost. */
  public void take(long offset, byte[] key, byte[] value, Instant now) {
    next = OptionalLong.of(offset + 1);
    moved = true;
    TraceMessage message;
    try {
      message = TraceMessage.read(key, value);
    } catch (IllegalArgumentException e) {
      losses.merge(UNREADABLE, 1L, Long::sum);
      return;
    }
    // A clock that is ahead must not carry away the time of all.
    Instant arrived = message.arrived().isAfter(now) ? now : message.arrived();
    if (arrived.isAfter(time)) {
      settle(arrived);
    }
    List<OpenSpan> kept = new ArrayList<>();
    for (Span span : message.spans()) {
      if (sums.accept(span, time) == Receipt.TAKEN) {
        kept.add(OpenSpan.of(span));
      }
    }
    if (!kept.isEmpty()) {
      taken.add(new OpenRequestStore.Arrival(message.trace(), time, kept));
    }
  }

  /** The messages up to this one are no longer there. */
  public void skip(long first) {
    long lost = next.isPresent() ? Math.max(0, first - next.getAsLong()) : 0;
    losses.merge(GONE, lost, Long::sum);
    next = OptionalLong.of(first);
    moved = true;
  }

  /** All that was sent until then has been taken: judges what is due. */
  public void settle(Instant now) {
    if (now.isAfter(time)) {
      time = now;
    }
    sums.settle(time);
  }

  /** Whether no more can be taken until open requests are judged. */
  public boolean isFull() {
    return sums.requests().full();
  }

  /** Whether there is something to store. */
  public boolean isDue(Instant now) {
    return moved || !sums.sums().isEmpty() || (mayHold && !now.isBefore(swept.plus(SWEEP_EVERY)));
  }

  /**
   * Stores where it stands and the sums of several partitions.
   *
   * @throws RuntimeException when another platform has one of them: then nothing is to be stored
   */
  public static void save(Handle handle, List<CountedPartition> partitions, Instant now) {
    List<Map<String, RequestSums.Sum>> sums = new ArrayList<>();
    Map<String, Long> losses = new TreeMap<>();
    for (CountedPartition one : partitions) {
      sums.add(one.sums.sums());
      one.lossesSince().forEach((reason, count) -> losses.merge(reason, count, Long::sum));
      one.save(handle, now);
    }
    CountedSums all = CountedSums.of(sums, losses);
    if (!all.isEmpty()) {
      new CountedStore().give(handle, all);
    }
  }

  /** Whether this says that another platform has a partition. */
  public static boolean isMovedOn(RuntimeException thrown) {
    return thrown instanceof PartitionStore.MovedOn;
  }

  private void save(Handle handle, Instant now) {
    savedVersion = store.moveOn(handle, version, next.orElse(0), time);
    open.save(handle, taken);
    mayHold |= !taken.isEmpty();
    if (!now.isBefore(swept.plus(SWEEP_EVERY))) {
      open.sweep(handle, sums.requests(), limits.watermark(), time);
      swept = now;
      mayHold = sums.requests().oldest() != Long.MAX_VALUE;
    }
  }

  private Map<String, Long> lossesSince() {
    Map<String, Long> since = new TreeMap<>(losses);
    Counting.losses(sums.requests().losses())
        .forEach((reason, count) -> {
          long more = count - lossesBefore.getOrDefault(reason, 0L);
          if (more > 0) {
            since.merge(reason, more, Long::sum);
          }
        });
    return since;
  }

  /** What was saved is on disk. */
  public void committed() {
    version = savedVersion;
    taken.clear();
    sums.clear();
    losses.clear();
    lossesBefore = Counting.losses(sums.requests().losses());
    moved = false;
  }
}
