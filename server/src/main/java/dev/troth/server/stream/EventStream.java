package dev.troth.server.stream;

import dev.troth.server.http.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Writes server-sent events (WHATWG HTML §9.2). They are gathered, and go to the wire with {@link
 * #send}, or when many wait. Used by one thread.
 *
 * <p>Written here because the server's own sink leaves out {@code retry}.
 */
final class EventStream {
  private static final int MOST_GATHERED = 16 * 1024;

  private final OutputStream out;
  private ByteArrayOutputStream gathered = new ByteArrayOutputStream(512);

  EventStream(OutputStream out) {
    this.out = out;
  }

  /** The bytes of an event that a client resumes after. */
  static byte[] written(String name, String id, Object data) {
    return bytes("id: " + id + "\n" + text(name, data));
  }

  private static String text(String name, Object data) {
    // JSON as Jackson writes it has no line breaks, so one data line holds it.
    return "event: " + name + "\ndata: " + Json.mapper().writeValueAsString(data) + "\n\n";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Says how long a client should wait before it comes back. */
  void retry(Duration pause) throws IOException {
    add(bytes("retry: " + pause.toMillis() + "\n\n"));
  }

  /** An event that a client does not resume after. */
  void event(String name, Object data) throws IOException {
    add(bytes(text(name, data)));
  }

  /** An event that a client resumes after. */
  void event(String name, String id, Object data) throws IOException {
    add(written(name, id, data));
  }

  void heartbeat() throws IOException {
    add(bytes(": still here\n\n"));
  }

  /** A whole event. */
  void add(byte[] event) throws IOException {
    gathered.write(event);
    if (gathered.size() >= MOST_GATHERED) {
      send();
    }
  }

  /** Sends what was gathered. */
  void send() throws IOException {
    int size = gathered.size();
    if (size == 0) {
      return;
    }
    gathered.writeTo(out);
    out.flush();
    if (size > MOST_GATHERED) {
      // An idle stream does not hold the room of its longest event.
      gathered = new ByteArrayOutputStream(512);
    } else {
      gathered.reset();
    }
  }
}
