package dev.troth.server.subject;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.troth.server.change.SubjectStore;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A subject as clients see it.
 *
 * @param version its count of changes
 * @param watchers how many watch exactly this subject; null in lists
 * @param watching whether the caller does; null in lists
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SubjectView(
    String subject,
    long version,
    Instant changedAt,
    @Nullable Long watchers,
    @Nullable Boolean watching) {

  static SubjectView of(SubjectStore.Row row) {
    return new SubjectView(row.name(), row.version(), row.changedAt(), null, null);
  }

  SubjectView watched(long by, boolean byCaller) {
    return new SubjectView(subject, version, changedAt, by, byCaller);
  }
}
