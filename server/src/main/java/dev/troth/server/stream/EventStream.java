package dev.troth.server.stream;

import dev.troth.server.http.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Writes server-sent events (WHATWG HTML §9.2), each to the wire at once. Used by one thread.
 *
 * <p>Written here because the server's own sink leaves out {@code retry}.
 */
final class EventStream {
  private final OutputStream out;

  EventStream(OutputStream out) {
    this.out = out;
  }

  /** Says how long a client should wait before it comes back. */
  void retry(Duration pause) throws IOException {
    write("retry: " + pause.toMillis() + "\n\n");
  }

  /** An event that a client does not resume after. */
  void event(String name, Object data) throws IOException {
    // JSON as Jackson writes it has no line breaks, so one data line holds it.
    write("event: " + name + "\ndata: " + Json.mapper().writeValueAsString(data) + "\n\n");
  }

  /** An event that a client resumes after. */
  void event(String name, String id, Object data) throws IOException {
    write("id: " + id + "\n");
    event(name, data);
  }

  void heartbeat() throws IOException {
    write(": still here\n\n");
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    if (text.endsWith("\n\n")) {
      out.flush();
    }
  }
}
