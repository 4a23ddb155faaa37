package dev.troth.server.stream;

import dev.troth.server.TestPlatform;
import dev.troth.server.http.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** Reads an event stream of a platform as a browser would. */
public final class StreamReader implements AutoCloseable {
  private final InputStream in;
  private final int status;
  private volatile int retryMillis;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<Event> moved = new LinkedBlockingQueue<>();
  private final CountDownLatch ended = new CountDownLatch(1);

  /** One event; the id is empty when it has none. */
  public record Event(String name, String id, JsonNode data) {}

  private StreamReader(HttpResponse<InputStream> response) {
    this.in = response.body();
    this.status = response.statusCode();
    Thread.ofVirtual().start(this::read);
  }

  public static StreamReader open(TestPlatform platform, String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(platform.uri(path))
            .timeout(Duration.ofSeconds(20))
            .header("Accept", "text/event-stream");
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      return new StreamReader(
          platform.client().send(request.build(), BodyHandlers.ofInputStream()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  int status() {
    return status;
  }

  /** What the stream said of reconnecting; 0 when it said nothing yet. */
  int retryMillis() {
    return retryMillis;
  }

  private void read() {
    try (var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      String name = "";
      String id = "";
      StringBuilder data = new StringBuilder();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty()) {
          if (!data.isEmpty()) {
            Event event = new Event(name, id, Json.mapper().readTree(data.toString()));
            (name.equals("moved") ? moved : events).add(event);
          }
          name = "";
          id = "";
          data.setLength(0);
        } else if (line.startsWith("event:")) {
          name = line.substring(6).strip();
        } else if (line.startsWith("id:")) {
          id = line.substring(3).strip();
        } else if (line.startsWith("retry:")) {
          retryMillis = Integer.parseInt(line.substring(6).strip());
        } else if (line.startsWith("data:")) {
          data.append(line.substring(5).strip());
        }
      }
    } catch (IOException e) {
      // The stream was closed by either side.
    } finally {
      ended.countDown();
    }
  }

  /** The next event but {@code moved}; fails when none comes within ten seconds. */
  public Event next() {
    return next(events);
  }

  /** The topics of the next {@code moved}; fails when none comes within ten seconds. */
  public List<String> nextTopics() {
    List<String> topics = new ArrayList<>();
    next(moved).data().path("topics").forEach(topic -> topics.add(topic.asString()));
    return topics;
  }

  private static Event next(BlockingQueue<Event> queue) {
    try {
      Event event = queue.poll(10, TimeUnit.SECONDS);
      if (event == null) {
        throw new AssertionError("no event within 10 s");
      }
      return event;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Waits until the platform has ended the stream; returns what it had said until then. */
  public List<Event> rest() {
    try {
      if (!ended.await(20, TimeUnit.SECONDS)) {
        throw new AssertionError("the stream goes on after 20 s");
      }
      List<Event> rest = new ArrayList<>();
      events.drainTo(rest);
      return rest;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
