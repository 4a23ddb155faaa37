package dev.troth.observe.otlp;

import dev.troth.observe.metrics.RequestMetrics;
import dev.troth.observe.span.Span;
import dev.troth.observe.span.SpanSink;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Sends the durations of all requests every so often, from a thread of its own, and once more when
 * it is closed. They are sums since the start: what a receiver misses, the next message tells
 * again.
 */
public final class MetricExporter implements SpanSink {
  /** How long closing waits for the last message. */
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final Transport transport;
  private final Supplier<RequestMetrics> metrics;
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
   * @param metrics asked for when they are needed
   * @param log told once when the receiver refuses, and once when it accepts again
   */
  public MetricExporter(
      Transport transport,
      Supplier<RequestMetrics> metrics,
      Duration interval,
      Clock clock,
      Consumer<String> log) {
    this.transport = transport;
    this.metrics = metrics;
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

  /** Durations are counted elsewhere, of requests that are not sampled, too. */
  @Override
  public void accept(Span span) {}

  private void work() {
    try (transport) {
      boolean more = true;
      while (more) {
        more = pause();
        send();
      }
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
    }
  }

  private void send() throws InterruptedException {
    byte[] message = MetricRequest.of(metrics.get().groups(), start, now());
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
