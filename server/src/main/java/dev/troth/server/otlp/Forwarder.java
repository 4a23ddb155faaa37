package dev.troth.server.otlp;

import com.google.protobuf.Message;
import dev.troth.server.ops.Part;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Passes everything on to further receivers over OTLP/HTTP, so that Troth can stand where the
 * collector stood.
 *
 * <p>Each receiver has a bounded queue of its own; one that is slow or away costs the others
 * nothing. What does not fit, or is refused after three attempts, is dropped and counted.
 */
public final class Forwarder implements Part {
  private static final int WAITING = 512;
  private static final int ATTEMPTS = 3;

  private final List<Destination> destinations = new ArrayList<>();
  private final AtomicLong dropped = new AtomicLong();
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(5))
          .version(HttpClient.Version.HTTP_1_1)
          .build();
  private volatile boolean running;

  /** Receivers by their base address, such as {@code http://collector:4318}. */
  public Forwarder(List<URI> receivers) {
    receivers.forEach(uri -> destinations.add(new Destination(uri)));
  }

  /** Queues a message for every receiver; never waits. */
  void offer(Message message) {
    for (Destination destination : destinations) {
      if (!destination.queue.offer(message)) {
        dropped.incrementAndGet();
      }
    }
  }

  @Override
  public String name() {
    return "telemetry forwarding";
  }

  @Override
  public void start() {
    running = true;
    for (Destination destination : destinations) {
      destination.thread =
          Thread.ofVirtual().name("forward " + destination.base).start(destination);
    }
  }

  @Override
  public void stop() {
    running = false;
    for (Destination destination : destinations) {
      destination.thread.interrupt();
    }
    client.shutdownNow();
  }

  /** Messages that no receiver got, since the start. */
  public long dropped() {
    return dropped.get();
  }

  private final class Destination implements Runnable {
    final URI base;
    final ArrayBlockingQueue<Message> queue = new ArrayBlockingQueue<>(WAITING);
    Thread thread = Thread.ofVirtual().unstarted(() -> {});

    Destination(URI base) {
      this.base = base;
    }

    @Override
    public void run() {
      try {
        while (running) {
          Message message = queue.poll(1, TimeUnit.SECONDS);
          if (message != null && !delivered(message)) {
            dropped.incrementAndGet();
          }
        }
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }

    private boolean delivered(Message message) throws InterruptedException {
      HttpRequest request =
          HttpRequest.newBuilder(base.resolve(path(message)))
              .timeout(Duration.ofSeconds(10))
              .header("Content-Type", "application/x-protobuf")
              .POST(HttpRequest.BodyPublishers.ofByteArray(message.toByteArray()))
              .build();
      for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
        try {
          int status = client.send(request, BodyHandlers.discarding()).statusCode();
          if (status < 300) {
            return true;
          }
          if (status < 500 && status != 429) {
            return false;
          }
        } catch (IOException away) {
          // Tried again below.
        }
        TimeUnit.MILLISECONDS.sleep(500L * attempt);
      }
      return false;
    }
  }

  private static String path(Message message) {
    if (message instanceof ExportMetricsServiceRequest) {
      return "/v1/metrics";
    }
    return message instanceof ExportLogsServiceRequest ? "/v1/logs" : "/v1/traces";
  }
}
