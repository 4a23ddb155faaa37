package dev.troth.observe.otlp;

import dev.troth.observe.span.Span;
import dev.troth.observe.span.SpanSink;
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
import java.util.random.RandomGenerator;

/**
 * Sends spans in batches from a thread of its own. The queue is bounded: when the receiver is slow
 * or away, new spans are dropped and counted, and so is a batch after some tries; nothing ever
 * waits for it.
 */
public final class SpanExporter implements SpanSink {
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
  private final int limit;
  private final Backoff backoff;
  private final Consumer<String> log;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<EncodedSpan> queue = new ArrayDeque<>();
  private final Thread thread;

  /** Of the thread that hands spans over. */
  private final ProtoWriter writer = new ProtoWriter();

  private boolean closing;
  private long sent;
  private final Map<String, Long> dropped = new HashMap<>();
  private Word said = Word.WELL;
  private long droppedBefore;
  private List<EncodedSpan> sending = List.of();

  /** What was last said of the receiver. */
  private enum Word {
    WELL,
    WAITING,
    DROPPING
  }

  /** What became of the spans. */
  public record Counters(long sent, long dropped, int waiting) {}

  /**
   * @param log told once when the receiver goes away, once when spans are dropped for it and once
   *     when it is back
   */
  public SpanExporter(
      Transport transport, int limit, RandomGenerator random, Consumer<String> log) {
    this(transport, limit, new Backoff(random), log);
  }

  SpanExporter(Transport transport, int limit, Backoff backoff, Consumer<String> log) {
    this.transport = transport;
    this.limit = limit;
    this.backoff = backoff;
    this.log = log;
    this.thread = Thread.ofPlatform().name("observe-export").daemon().unstarted(this::work);
  }

  public SpanExporter start() {
    thread.start();
    return this;
  }

  @Override
  public void accept(Span span) {
    EncodedSpan encoded = TraceRequest.encode(writer, span);
    boolean full;
    lock.lock();
    try {
      full = queue.size() >= limit;
      if (full) {
        drop(encoded);
      } else {
        queue.add(encoded);
        if (queue.size() == BATCH) {
          changed.signal();
        }
      }
    } finally {
      lock.unlock();
    }
    if (full) {
      trouble(Word.DROPPING, "spans are dropped: %,d wait already".formatted(limit));
    }
  }

  public Counters counters() {
    lock.lock();
    try {
      return new Counters(sent, allDropped(), queue.size());
    } finally {
      lock.unlock();
    }
  }

  private long allDropped() {
    return dropped.values().stream().mapToLong(Long::longValue).sum();
  }

  /** How many spans were not sent, by service. */
  public Map<String, Long> dropped() {
    lock.lock();
    try {
      return Map.copyOf(dropped);
    } finally {
      lock.unlock();
    }
  }

  private void drop(EncodedSpan span) {
    String service = span.target().service();
    boolean known = dropped.size() < MOST_SERVICES || dropped.containsKey(service);
    dropped.merge(known ? service : "", 1L, Long::sum);
  }

  private void work() {
    try (transport) {
      for (List<EncodedSpan> batch = take(); !batch.isEmpty(); batch = take()) {
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
    } finally {
      lock.unlock();
    }
  }

  /** The next batch, full or after a short wait; empty when all is done. */
  private List<EncodedSpan> take() throws InterruptedException {
    lock.lock();
    try {
      long patience = LINGER_NANOS;
      while (!closing && queue.size() < BATCH && (queue.isEmpty() || patience > 0)) {
        patience = changed.awaitNanos(patience > 0 ? patience : LINGER_NANOS);
      }
      List<EncodedSpan> batch = new ArrayList<>(Math.min(BATCH, queue.size()));
      while (batch.size() < BATCH && !queue.isEmpty()) {
        batch.add(queue.removeFirst());
      }
      sending = batch;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void deliver(List<EncodedSpan> batch) throws InterruptedException {
    byte[] message = TraceRequest.of(batch);
    for (int attempt = 1; ; attempt++) {
      switch (transport.send(Signal.TRACES, message)) {
        case Reply.Accepted accepted -> {
          backoff.reset();
          sent(batch.size());
          well();
          return;
        }
        case Reply.Refused refused -> {
          dropped(batch);
          trouble(Word.DROPPING, "spans are dropped: " + refused.reason());
          return;
        }
        case Reply.Later later -> {
          trouble(Word.WAITING, "spans wait: " + later.reason());
          boolean last = attempt == MOST_TRIES;
          if (last || pause(backoff.next(later.after()))) {
            dropped(batch);
            trouble(
                Word.DROPPING,
                "%,d spans are dropped %s: %s"
                    .formatted(
                        batch.size(),
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
      if (said == Word.WELL || queue.size() > limit / 2) {
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
            + (since > 0 ? ": %,d spans were dropped".formatted(since) : ""));
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

  private void sent(int spans) {
    lock.lock();
    try {
      sent += spans;
      sending = List.of();
    } finally {
      lock.unlock();
    }
  }

  private void dropped(List<EncodedSpan> batch) {
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
