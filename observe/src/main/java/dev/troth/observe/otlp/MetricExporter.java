package dev.troth.observe.otlp;

import dev.troth.observe.span.Span;
import dev.troth.observe.span.SpanSink;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Sends measurements every so often, from a thread of its own, and once more when it is closed.
 * They are sums since the start: what a receiver misses, the next message tells again.
 */
public final class MetricExporter implements SpanSink {
  /** What there is to tell at a time. */
  @FunctionalInterface
  public interface Measured {
    /**
     * A message, or no bytes if there is nothing to tell.
     *
     * @param start when counting began, nanoseconds since 1970
     * @param now nanoseconds since 1970
     */
    byte[] message(long start, long now);

    /** The last message before the end. */
    default byte[] last(long start, long now) {
      return message(start, now);
    }
  }

  /** How long closing waits for the last message. */
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final Transport transport;
  private final Measured measured;
  private final Duration interval;
  private final Clock clock;
  private final Consumer<String> log;
  private final long start;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closed = lock.newCondition();
  private final Thread thread;
  private boolean closing;
  private boolean refused;

  /**
   * @param measured asked when a message is due
   * @param log told once when the receiver refuses, and once when it accepts again
   */
  public MetricExporter(
      Transport transport,
      Measured measured,
      Duration interval,
      Clock clock,
      Consumer<String> log) {
    this.transport = transport;
    this.measured = measured;
    this.interval = interval;
    this.clock = clock;
    this.log = log;
    this.start = now();
    this.thread = Thread.ofPlatform().name("observe-metrics-out").daemon().unstarted(this::work);
  }

  public MetricExporter start() {
    thread.start();
    return this;
  }

  /** What is measured is counted elsewhere, of requests that are not sampled, too. */
  @Override
  public void accept(Span span) {}

  private void work() {
    try (transport) {
      boolean more = true;
      while (more) {
        more = pause();
        send(more ? measured.message(start, now()) : measured.last(start, now()));
      }
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(byte[] message) throws InterruptedException {
    if (message.length == 0) {
      return;
    }
    switch (transport.send(Signal.METRICS, message)) {
      case Reply.Accepted accepted -> say("metrics are taken again", false);
      case Reply.Refused reply -> say("metrics are refused: " + reply.reason(), true);
      case Reply.Later later -> say("metrics wait: " + later.reason(), true);
    }
  }

  private void say(String message, boolean trouble) {
    if (trouble != refused) {
      refused = trouble;
      log.accept(message);
    }
  }

  /** Waits for the next time; false when this is the last. */
  private boolean pause() throws InterruptedException {
    lock.lock();
    try {
      long left = interval.toNanos();
      while (!closing && left > 0) {
        left = closed.awaitNanos(left);
      }
      return !closing;
    } finally {
      lock.unlock();
    }
  }

  private long now() {
    Instant instant = clock.instant();
    return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      closed.signalAll();
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
