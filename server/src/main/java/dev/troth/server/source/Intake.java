package dev.troth.server.source;

import dev.troth.server.db.Database;
import dev.troth.server.folder.FileStore;
import dev.troth.server.source.PlaceStore.Place;
import dev.troth.server.source.StoredSource.Health;
import dev.troth.server.source.StoredSource.State;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.NewChange;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * Writes what streams bring: changes and the place behind them in one transaction, and only if the
 * place is still where the stream began. So nothing is told twice, whoever dies when.
 */
final class Intake {
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private final Database database;
  private final ChangeLog<Handle> changes;
  private final Clock clock;
  private final Outcomes outcomes;
  private final SourceStore sources = new SourceStore();
  private final PlaceStore places = new PlaceStore();

  Intake(Database database, ChangeLog<Handle> changes, Clock clock) {
    this.database = database;
    this.changes = changes;
    this.clock = clock;
    this.outcomes = new Outcomes(changes);
  }

  /** All that stream, paused ones too. */
  List<StoredSource> all() {
    return database.read(sources::streams);
  }

  Instant now() {
    return clock.instant();
  }

  /** Appends one of the changes that are being taken. */
  long append(Handle handle, NewChange change) {
    return changes.append(handle, change).seq();
  }

  /** What was seen last of a source's files. */
  Map<String, FileStore.Known> known(StoredSource source, FileStore files) {
    return database.read(handle -> files.all(handle, source.id()));
  }

  /** Where to go on. */
  Optional<Place> place(StoredSource source) {
    return database.read(handle -> places.find(handle, source.id()));
  }

  private Optional<StoredSource> active(Handle handle, StoredSource source) {
    return sources.find(handle, source.id()).filter(found -> found.state() == State.ACTIVE);
  }

  /** The stream works: what it began with was taken, or nothing waited. */
  void began(StoredSource source) {
    database.write(handle -> {
      active(handle, source)
          .ifPresent(found -> {
            outcomes.succeeded(handle, found);
            sources.fared(
                handle, found, clock.instant(), Outcomes.well(clock.instant(), seq(found)));
          });
      return true;
    });
  }

  private static long seq(StoredSource source) {
    return source.health().lastSeq();
  }

  /** Writes changes; false when the source rests, is gone, or is in another's hands. */
  boolean take(StoredSource source, List<NewChange> page, String from, String to) {
    return take(
        source,
        handle -> {
          long seq = 0;
          for (NewChange change : page) {
            seq = append(handle, change);
          }
          return new Taken(page.size(), seq, List.of());
        },
        from,
        to);
  }

  /**
   * What was written.
   *
   * @param seq the last change; 0 without
   * @param refused why some of what came in could not be taken
   */
  record Taken(int changes, long seq, List<String> refused) {}

  /** Has what came in written by whoever knows it, on the same terms. */
  boolean take(StoredSource source, Function<Handle, Taken> write, String from, String to) {
    return database.write(handle -> {
      Optional<StoredSource> found = active(handle, source);
      if (found.isEmpty() || !places.move(handle, source.id(), from, to)) {
        return false;
      }
      Taken taken = write.apply(handle);
      Instant now = clock.instant();
      outcomes.succeeded(handle, found.get());
      sources.counted(handle, source.id(), taken.changes(), 0);
      Health before = found.get().health();
      Health after =
          taken.refused().isEmpty()
              ? new Health(now, 0, before.error(), before.errorAt(), before.lastSeq())
              : outcomes.refused(
                  handle, found.get(), said(taken.refused()), taken.refused().size(), now);
      sources.fared(
          handle, found.get(), now, taken.seq() == 0 ? after : after.withLastSeq(taken.seq()));
      return true;
    });
  }

  private static String said(List<String> refused) {
    return refused.size() == 1
        ? refused.getFirst()
        : "%s (and %d more)".formatted(refused.getFirst(), refused.size() - 1);
  }

  /** The stream broke; it begins again after a while. */
  void failed(StoredSource source, String why) {
    database.write(handle -> {
      active(handle, source)
          .ifPresent(found -> {
            Instant now = clock.instant();
            Health health = outcomes.failed(handle, found, why, now);
            Duration wait = Outcomes.wait(FIRST_WAIT, health.failures(), LONGEST_WAIT);
            sources.fared(handle, found, now.plus(wait), health);
          });
      return true;
    });
  }

  /** The other end of a stream that does not run could not be looked at. */
  void unreachable(StoredSource source) {
    database.write(handle -> {
      places.unreachable(handle, source.id());
      return true;
    });
  }

  /**
   * How the other end stands.
   *
   * @param streams whether the stream runs, so that what is not there did not happen
   */
  void looked(StoredSource source, FarEnd.Look look, boolean streams) {
    database.write(handle -> {
      places.looked(handle, source.id(), look.behind(), look.state());
      if (streams) {
        active(handle, source)
            .filter(found -> found.health().failures() == 0)
            .ifPresent(found -> {
              Instant now = clock.instant();
              Health before = found.health();
              sources.fared(
                  handle,
                  found,
                  now,
                  new Health(now, 0, before.error(), before.errorAt(), before.lastSeq()));
            });
      }
      return true;
    });
  }
}
