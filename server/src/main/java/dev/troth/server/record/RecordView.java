package dev.troth.server.record;

import dev.troth.server.record.RecordStore.StoredRecord;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record as clients and pages see it.
 *
 * @param fields those beside name and value
 * @param version its count of changes, 0 when it never changed
 */
public record RecordView(
    long id, String name, String value, Map<String, @Nullable Object> fields, long version) {

  static RecordView of(StoredRecord record) {
    return new RecordView(
        record.id(),
        record.contents().name(),
        record.contents().value(),
        record.contents().more().values(),
        record.version());
  }
}
