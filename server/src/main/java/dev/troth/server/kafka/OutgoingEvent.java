package dev.troth.server.kafka;

import dev.troth.server.change.ChangeView;
import dev.troth.server.http.Json;
import dev.troth.watch.change.Change;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A change as the topic gets it: a CloudEvent in structured mode, keyed by its subject.
 *
 * @param key the subject, which decides on the partition
 */
record OutgoingEvent(long seq, byte[] key, byte[] value) {
  /** What the brokers' usual limit of 1 MiB leaves for a value. */
  private static final int LONGEST = 900 << 10;

  private static final int LONG = 16 << 10;

  /**
   * The event of a change.
   *
   * @param id names the change in this log and no other one
   * @param shorten whether its fields are left out in any case; they are if it is too long
   */
  static OutgoingEvent of(Change change, String id, boolean shorten) {
    byte[] key = change.subject().toString().getBytes(StandardCharsets.UTF_8);
    ChangeView view = ChangeView.of(change);
    byte[] value = shorten ? new byte[0] : write(change, id, view);
    if (shorten || value.length > LONGEST) {
      value = write(change, id, view.shortened());
    }
    return new OutgoingEvent(change.seq(), key, value);
  }

  /** Whether it goes alone, so that nothing overtakes it if the topic refuses it as too long. */
  boolean isLong() {
    return value.length > LONG;
  }

  private static byte[] write(Change change, String id, ChangeView view) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("specversion", "1.0");
    event.put("id", id);
    event.put("source", "troth");
    event.put("type", change.type());
    event.put("subject", change.subject().toString());
    event.put("time", change.at().toString());
    event.put("datacontenttype", "application/json");
    // The trace of the event that the change came from goes on.
    for (String name : new String[] {"traceparent", "tracestate"}) {
      Object value = change.what().event().values().get(name);
      if (value != null) {
        event.put(name, value);
      }
    }
    event.put("data", view);
    return Json.mapper().writeValueAsBytes(event);
  }
}
