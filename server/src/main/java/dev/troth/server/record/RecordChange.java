package dev.troth.server.record;

import dev.troth.watch.change.Change;
import dev.troth.watch.change.Fields;
import java.time.Instant;

/**
 * One change of a record, as its page shows it.
 *
 * @param before the value it had, empty if it had none
 * @param after the value it got, empty if it got none
 */
public record RecordChange(long seq, String actor, String before, String after, Instant at) {

  static RecordChange of(Change change) {
    return new RecordChange(
        change.seq(), change.actor(), value(change.before()), value(change.after()), change.at());
  }

  private static String value(Fields fields) {
    Object value = fields.values().get("value");
    return value == null ? "" : value.toString();
  }
}
