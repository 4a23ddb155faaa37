package dev.troth.server.telemetry;

import com.google.protobuf.Message;
import dev.troth.observe.otlp.Backoff;
import dev.troth.observe.otlp.GrpcTransport;
import dev.troth.observe.otlp.HttpTransport;
import dev.troth.observe.otlp.Reply;
import dev.troth.observe.otlp.Signal;
import dev.troth.observe.otlp.Transport;
import dev.troth.server.ops.Lifecycle;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Passes everything on to further receivers, over OTLP/HTTP ({@code http}, {@code https}) or
 * OTLP/gRPC ({@code grpc}), so that Troth can stand where the collector stood.
 *
 * <p>Each receiver has a queue of its own, bounded in bytes; one that is slow or away costs the
 * others nothing. What does not fit, is refused, or is not taken in eight attempts, is dropped and
 * counted.
 */
public final class Forwarder implements Lifecycle {
  /** What may wait for one receiver, in bytes. */
  static final long WAITING_BYTES = 16L << 20;

  private static final int ATTEMPTS = 8;
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final List<Destination> destinations;
  private final AtomicLong dropped = new AtomicLong();
  private volatile boolean running;

  private record Item(Signal signal, byte[] message) {}

  /** Receivers by their address, such as {@code http://collector:4318}. */
  public Forwarder(List<URI> receivers) {
    destinations = receivers.stream().map(Destination::new).toList();
  }

  /** Queues a message for every receiver; never waits. */
  void offer(Message message) {
    if (destinations.isEmpty()) {
      return;
    }
    Item item = new Item(signal(message), message.toByteArray());
    for (Destination destination : destinations) {
      if (!destination.offer(item)) {
        dropped.incrementAndGet();
      }
    }
  }

  private static Signal signal(Message message) {
    return switch (message) {
      case ExportMetricsServiceRequest metrics -> Signal.METRICS;
      case ExportLogsServiceRequest logs -> Signal.LOGS;
      default -> Signal.TRACES;
    };
  }

  @Override
  public String name() {
    return "telemetry forwarding";
  }

  @Override
  public void start() {
    running = true;
    destinations.forEach(Destination::start);
  }

  /** Gives the receivers a moment to take what waits, then drops and counts the rest. */
  @Override
  public void stop() {
    running = false;
    long end = System.nanoTime() + FAREWELL.toNanos();
    destinations.forEach(destination -> destination.stop(end - System.nanoTime()));
  }

  /** Messages that a receiver did not get, since the start. */
  public long dropped() {
    return dropped.get();
  }

  private final class Destination implements Runnable {
    private final LinkedBlockingQueue<Item> queue = new LinkedBlockingQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final Transport transport;
    private final Thread thread;

    Destination(URI address) {
      transport =
          "grpc".equals(address.getScheme())
              ? new GrpcTransport(address, Map.of())
              : new HttpTransport(address, Map.of());
      thread = Thread.ofVirtual().name("forward " + address).unstarted(this);
    }

    boolean offer(Item item) {
      int size = item.message().length;
      long present = bytes.addAndGet(size);
      // One message may be longer than the queue; then it goes alone.
      if (present > WAITING_BYTES && present > size) {
        bytes.addAndGet(-size);
        return false;
      }
      return queue.add(item);
    }

    void start() {
      thread.start();
    }

    void stop(long patienceNanos) {
      try {
        if (!thread.join(Duration.ofNanos(Math.max(1, patienceNanos)))) {
          thread.interrupt();
          thread.join(FAREWELL);
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
      dropped.addAndGet(queue.size());
    }

    @Override
    public void run() {
      Backoff backoff = new Backoff(ThreadLocalRandom.current());
      try (transport) {
        while (running || !queue.isEmpty()) {
          Item item = queue.poll(200, TimeUnit.MILLISECONDS);
          if (item == null) {
            continue;
          }
          try {
            if (!isDelivered(item, backoff)) {
              dropped.incrementAndGet();
            }
          } catch (InterruptedException stopped) {
            dropped.incrementAndGet();
            throw stopped;
          } finally {
            bytes.addAndGet(-item.message().length);
          }
        }
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }

    private boolean isDelivered(Item item, Backoff backoff) throws InterruptedException {
      for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
        switch (transport.send(item.signal(), item.message())) {
          case Reply.Accepted accepted -> {
            backoff.reset();
            return true;
          }
          case Reply.Refused refused -> {
            return false;
          }
          case Reply.Later later -> {
            if (attempt < ATTEMPTS) {
              Thread.sleep(backoff.next(later.after()));
            }
          }
        }
      }
      return false;
    }
  }
}
