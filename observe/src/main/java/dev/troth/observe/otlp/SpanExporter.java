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
 * or away, new spans are dropped and counted; nothing ever waits for it.
 */
public final class SpanExporter implements SpanSink {
  private static final int BATCH = 512;
  private static final long LINGER_NANOS = 500_000_000;
  private static final int MOST_TRIES = 8;

  /** Services beyond these are counted together. */
  private static final int MOST_SERVICES = 500;

  /** How long closing waits for what is still in the queue. */
  private static final Duration FAREWELL = Duration.ofSeconds(2);

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
  private boolean saidSo;

  /** What became of the spans. */
  public record Counters(long sent, long dropped, int waiting) {}

  /**
   * @param log told once when the receiver goes away and once when it is back
   */
  public SpanExporter(
      Transport transport, int limit, RandomGenerator random, Consumer<String> log) {
    this.transport = transport;
    this.limit = limit;
    this.backoff = new Backoff(random);
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
    lock.lock();
    try {
      if (queue.size() >= limit) {
        drop(encoded);
        return;
      }
      queue.add(encoded);
      if (queue.size() == BATCH) {
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  public Counters counters() {
    lock.lock();
    try {
      long all = dropped.values().stream().mapToLong(Long::longValue).sum();
      return new Counters(sent, all, queue.size());
    } finally {
      lock.unlock();
    }
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
      while (true) {
        List<EncodedSpan> batch = take();
        if (batch.isEmpty()) {
          return;
        }
        deliver(batch);
      }
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
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
          say("the receiver answers again", false);
          sent(batch.size());
          return;
        }
        case Reply.Refused refused -> {
          say("spans are dropped: " + refused.reason(), true);
          dropped(batch);
          return;
        }
        case Reply.Later later -> {
          say("spans wait: " + later.reason(), true);
          if (attempt == MOST_TRIES || pause(backoff.next(later.after()))) {
            dropped(batch);
            return;
          }
        }
      }
    }
  }

  private void say(String message, boolean trouble) {
    if (trouble != saidSo) {
      saidSo = trouble;
      log.accept(message);
    }
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
    } finally {
      lock.unlock();
    }
  }

  private void dropped(List<EncodedSpan> batch) {
    lock.lock();
    try {
      batch.forEach(this::drop);
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
      }
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
    }
  }
}
