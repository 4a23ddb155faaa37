package dev.troth.orders.consumer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads server-sent events (WHATWG HTML §9.2.6) from a stream of bytes; comments and {@code retry}
 * are passed over.
 */
final class SseReader {
  private static final int MAX_CHARS = 1024 * 1024;

  private final BufferedReader lines;
  private String lastId;

  /** One event; {@code id} is the last one that was sent, on this event or before. */
  record Event(String id, String type, String data) {}

  /** Reads on after the event of the given id, empty at the beginning. */
  SseReader(InputStream in, String lastId) {
    this.lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    this.lastId = lastId;
  }

  /** The next event, or empty at the end; half an event at the end does not count. */
  Optional<Event> next() throws IOException {
    String type = "message";
    StringBuilder data = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.isEmpty()) {
        if (!data.isEmpty()) {
          data.setLength(data.length() - 1);
          return Optional.of(new Event(lastId, type, data.toString()));
        }
        type = "message";
        continue;
      }
      int colon = line.indexOf(':');
      String field = colon < 0 ? line : line.substring(0, colon);
      String value = colon < 0 ? "" : line.substring(colon + 1);
      value = value.startsWith(" ") ? value.substring(1) : value;
      switch (field) {
        case "event" -> type = value;
        case "id" -> lastId = value;
        case "data" -> {
          if (data.length() + value.length() > MAX_CHARS) {
            throw new IOException("an event is longer than " + MAX_CHARS + " characters");
          }
          data.append(value).append('\n');
        }
        default -> {
          // a comment, retry, or a field of the future
        }
      }
    }
    return Optional.empty();
  }
}
