package dev.troth.server.source;

import dev.troth.server.source.StoredSource.Health;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import java.time.Duration;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** What it means for a source that it could be read, or could not. */
final class Outcomes {
  /** So many failures in a row are told to whoever watches the source. */
  private static final int FAILURES_UNTIL_TOLD = 3;

  private final ChangeLog<Handle> changes;
  private final SourceStore store = new SourceStore();

  Outcomes(ChangeLog<Handle> changes) {
    this.changes = changes;
  }

  /** The health after a failure. */
  Health failed(Handle handle, StoredSource source, String why, Instant now) {
    Health before = source.health();
    int failures = before.failures() + 1;
    store.counted(handle, source.id(), 0, 1);
    if (failures == FAILURES_UNTIL_TOLD) {
      tell(handle, source, "source.failed", why);
    }
    return new Health(before.lookedAt(), failures, why, now, before.lastSeq());
  }

  /** Tells that it can be read, if it was told that it cannot. */
  void succeeded(Handle handle, StoredSource source) {
    if (source.health().failures() >= FAILURES_UNTIL_TOLD) {
      tell(handle, source, "source.recovered", "");
    }
  }

  /** The health after something that came in could not be taken, although the source is well. */
  Health refused(Handle handle, StoredSource source, String why, int count, Instant now) {
    store.counted(handle, source.id(), 0, count);
    tell(handle, source, "source.refused", why);
    return new Health(now, 0, why, now, source.health().lastSeq());
  }

  /** The health after a success. */
  static Health well(Instant now, long lastSeq) {
    return new Health(now, 0, "", Instant.EPOCH, lastSeq);
  }

  /** Tells something of the source itself. */
  private void tell(Handle handle, StoredSource source, String type, String error) {
    changes.append(
        handle,
        NewChange.of(source.self(), type, "watch")
            .after(Fields.of("name", source.name(), "error", error)));
  }

  /** Twice as long at each failure, at most so long, and never shorter than usual. */
  static Duration wait(Duration usual, int failures, Duration longest) {
    Duration doubled = usual.multipliedBy(1L << Math.min(failures - 1, 10));
    return longer(usual, doubled.compareTo(longest) > 0 ? longest : doubled);
  }

  /** The longer of two, but for a day and more. */
  static Duration longer(Duration one, Duration other) {
    Duration most = other.compareTo(Duration.ofDays(1)) > 0 ? Duration.ofDays(1) : other;
    return one.compareTo(most) < 0 ? most : one;
  }
}
