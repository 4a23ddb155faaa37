package dev.troth.observe.otlp;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Sends what is encoded in batches from a thread of its own. The queue is bounded: when the
 * receiver is slow or away, new items are dropped and counted, and so is a batch after some tries;
 * nothing ever waits for it.
 */
final class Outbox implements AutoCloseable {
  private static final int BATCH = 512;
  private static final long LINGER_NANOS = 500_000_000;
  private static final int MOST_TRIES = 8;

  /** Services beyond these are counted together. */
  private static final int MOST_SERVICES = 500;

  /** How long closing waits for what is still in the queue. */
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  /** How long a send that is broken off may take to end, so that what it held is counted. */
  private static final Duration LAST_WORD = Duration.ofMillis(500);

  private final Transport transport;
  private final Kind kind;
  private final Room room;
  private final Backoff backoff;
  private final Consumer<String> log;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Encoded> queue = new ArrayDeque<>();
  private final Thread thread;

  private long queuedBytes;
  private boolean closing;
  private long sent;
  private final Map<String, Long> dropped = new HashMap<>();
  private Word said = Word.WELL;
  private long droppedBefore;
  private List<Encoded> sending = List.of();

  /** What was last said of the receiver. */
  private enum Word {
    WELL,
    WAITING,
    DROPPING
  }

  /**
   * What is sent.
   *
   * @param name of the items, as messages for people have it
   * @param thread the name of the thread that sends them
   * @param message makes one message of a batch
   */
  record Kind(Signal signal, String name, String thread, Function<List<Encoded>, byte[]> message) {}

  /** How many items, and bytes of them, may wait. */
  record Room(int items, long bytes) {}

  /**
   * @param log told once when the receiver goes away, once when items are dropped for it and once
   *     when it is back
   */
  Outbox(Transport transport, Kind kind, Room room, Backoff backoff, Consumer<String> log) {
    this.transport = transport;
    this.kind = kind;
    this.room = room;
    this.backoff = backoff;
    this.log = log;
    this.thread = Thread.ofPlatform().name(kind.thread).daemon().unstarted(this::work);
  }

  void start() {
    thread.start();
  }

  void offer(Encoded encoded) {
    boolean full;
    lock.lock();
    try {
      full = queue.size() >= room.items || queuedBytes + encoded.bytes().length > room.bytes;
      if (full) {
        drop(encoded);
      } else {
        queue.add(encoded);
        queuedBytes += encoded.bytes().length;
        if (queue.size() == BATCH) {
          changed.signal();
        }
      }
    } finally {
      lock.unlock();
    }
    if (full) {
      trouble(Word.DROPPING, "%s are dropped: %,d wait already".formatted(kind.name, waiting()));
    }
  }

  private int waiting() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  SpanExporter.Counters counters() {
    lock.lock();
    try {
      return new SpanExporter.Counters(sent, allDropped(), queue.size());
    } finally {
      lock.unlock();
    }
  }

  private long allDropped() {
    return dropped.values().stream().mapToLong(Long::longValue).sum();
  }

  /** How many items were not sent, by service. */
  Map<String, Long> dropped() {
    lock.lock();
    try {
      return Map.copyOf(dropped);
    } finally {
      lock.unlock();
    }
  }

  private void drop(Encoded item) {
    String service = item.target().service();
    boolean known = dropped.size() < MOST_SERVICES || dropped.containsKey(service);
    dropped.merge(known ? service : "", 1L, Long::sum);
  }

  private void work() {
    try (transport) {
      for (List<Encoded> batch = take(); !batch.isEmpty(); batch = take()) {
        deliver(batch);
      }
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
    }
  }

  /** What could not be sent before the end is dropped. */
  private void unsent() {
    lock.lock();
    try {
      sending.forEach(this::drop);
      sending = List.of();
      queue.forEach(this::drop);
      queue.clear();
      queuedBytes = 0;
    } finally {
      lock.unlock();
    }
  }

  /** The next batch, full or after a short wait; empty when all is done. */
  private List<Encoded> take() throws InterruptedException {
    lock.lock();
    try {
      long patience = LINGER_NANOS;
      while (!closing && queue.size() < BATCH && (queue.isEmpty() || patience > 0)) {
        patience = changed.awaitNanos(patience > 0 ? patience : LINGER_NANOS);
      }
      List<Encoded> batch = new ArrayList<>(Math.min(BATCH, queue.size()));
      while (batch.size() < BATCH && !queue.isEmpty()) {
        Encoded next = queue.removeFirst();
        queuedBytes -= next.bytes().length;
        batch.add(next);
      }
      sending = batch;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void deliver(List<Encoded> batch) throws InterruptedException {
    byte[] message = kind.message.apply(batch);
    for (int attempt = 1; ; attempt++) {
      switch (transport.send(kind.signal, message)) {
        case Reply.Accepted accepted -> {
          backoff.reset();
          sent(batch.size());
          well();
          return;
        }
        case Reply.Refused refused -> {
          dropped(batch);
          trouble(Word.DROPPING, kind.name + " are dropped: " + refused.reason());
          return;
        }
        case Reply.Later later -> {
          trouble(Word.WAITING, kind.name + " wait: " + later.reason());
          boolean last = attempt == MOST_TRIES;
          if (last || pause(backoff.next(later.after()))) {
            dropped(batch);
            trouble(
                Word.DROPPING,
                "%,d %s are dropped %s: %s"
                    .formatted(
                        batch.size(),
                        kind.name,
                        last ? "after " + MOST_TRIES + " tries" : "at the end",
                        later.reason()));
            return;
          }
        }
      }
    }
  }

  /** Says it, unless as much or worse was said since the receiver last answered. */
  private void trouble(Word word, String message) {
    lock.lock();
    try {
      if (word.compareTo(said) <= 0) {
        return;
      }
      said = word;
    } finally {
      lock.unlock();
    }
    log.accept(message);
  }

  private void well() {
    long since;
    lock.lock();
    try {
      if (said == Word.WELL || queue.size() > room.items / 2) {
        return; // one that is only slow is not told of over and over
      }
      said = Word.WELL;
      since = allDropped() - droppedBefore;
      droppedBefore += since;
    } finally {
      lock.unlock();
    }
    log.accept(
        "the receiver answers again"
            + (since > 0 ? ": %,d %s were dropped".formatted(since, kind.name) : ""));
  }

  /** Waits; true when closing began, so that the batch is given up. */
  private boolean pause(Duration wait) throws InterruptedException {
    lock.lock();
    try {
      long left = wait.toNanos();
      while (!closing && left > 0) {
        left = changed.awaitNanos(left);
      }
      return closing;
    } finally {
      lock.unlock();
    }
  }

  private void sent(int items) {
    lock.lock();
    try {
      sent += items;
      sending = List.of();
    } finally {
      lock.unlock();
    }
  }

  private void dropped(List<Encoded> batch) {
    lock.lock();
    try {
      batch.forEach(this::drop);
      sending = List.of();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      if (!thread.join(FAREWELL)) {
        thread.interrupt();
        thread.join(LAST_WORD);
      }
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
    }
    unsent();
  }
}
