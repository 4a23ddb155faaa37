package dev.troth.orders.consumer;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a connection to {@code GET /api/stream} and hands each event to the inlet, in order. When
 * the connection ends or is silent for three heartbeats it connects again and asks for what came
 * after the last event that was kept.
 */
final class Follower implements AutoCloseable {
  private static final Logger LOG = System.getLogger("stream");
  private static final Duration SILENCE = Duration.ofSeconds(45);
  private static final long FIRST_PAUSE_MILLIS = 250;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  private final Source source;
  private final SeenStore seen;
  private final Inlet inlet;
  private final Thread thread;
  private final CountDownLatch stopping = new CountDownLatch(1);

  /** Where the stream is, and the bearer token to read it with, if one is needed. */
  record Source(URI platform, Optional<String> token) {}

  private Follower(Source source, SeenStore seen, Inlet inlet) {
    this.source = source;
    this.seen = seen;
    this.inlet = inlet;
    // A virtual thread's read ends when the thread is interrupted; a platform thread's does not.
    this.thread = Thread.ofVirtual().name("stream").unstarted(this::run);
  }

  /** Starts to follow from where the store says that it was. */
  static Follower start(Source source, SeenStore seen, Inlet inlet) {
    Follower follower = new Follower(source, seen, inlet);
    follower.thread.start();
    return follower;
  }

  @Override
  public void close() {
    stopping.countDown();
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long pause = FIRST_PAUSE_MILLIS;
    while (stopping.getCount() > 0) {
      try {
        if (follow()) {
          pause = FIRST_PAUSE_MILLIS;
        }
      } catch (IOException e) {
        if (stopping.getCount() > 0) {
          LOG.log(Level.WARNING, "{0}: {1}, trying again", source.platform(), e.getMessage());
        }
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "cannot keep what came by", e);
      }
      try {
        if (stopping.await(pause, TimeUnit.MILLISECONDS)) {
          return;
        }
      } catch (InterruptedException e) {
        return;
      }
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  }

  /** Reads until the stream ends or is to be read anew; whether anything came. */
  private boolean follow() throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection)
            source.platform().resolve("/api/stream?target=order/*").toURL().openConnection();
    connection.setConnectTimeout(1_000);
    connection.setReadTimeout((int) SILENCE.toMillis());
    connection.setRequestProperty("Accept", "text/event-stream");
    source.token().ifPresent(t -> connection.setRequestProperty("Authorization", "Bearer " + t));
    String position = seen.place().position();
    connection.setRequestProperty("Last-Event-ID", position);
    try {
      if (connection.getResponseCode() != 200) {
        throw new IOException("the stream answered " + connection.getResponseCode());
      }
      LOG.log(Level.INFO, "following {0} after event {1}", source.platform(), position);
      try (InputStream in = connection.getInputStream()) {
        return read(new SseReader(in, position));
      }
    } finally {
      connection.disconnect();
    }
  }

  private boolean read(SseReader reader) throws IOException {
    boolean any = false;
    for (var event = reader.next(); event.isPresent(); event = reader.next()) {
      if (!inlet.take(event.get())) {
        return true;
      }
      any = true;
    }
    return any;
  }
}
