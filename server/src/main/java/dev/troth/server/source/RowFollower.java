package dev.troth.server.source;

import dev.troth.server.rows.PostgresRows;
import dev.troth.server.rows.RowStreamSource;
import dev.troth.server.rows.StreamFailure;
import dev.troth.server.source.PlaceStore.Place;
import dev.troth.server.source.StreamSettings.PostgresSettings;
import dev.troth.watch.row.PgOutput;
import dev.troth.watch.row.RowPage;
import dev.troth.watch.row.RowPlace;
import dev.troth.watch.row.TableChanges;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Takes the rows of one database. A page is committed with the place behind it, and only then
 * confirmed: the server keeps what is not here yet, and sends again what it has not heard of.
 */
final class RowFollower implements Streams.Follower {
  /** How often a stream that has just begun is asked whether it has caught up. */
  private static final Duration PAUSE = Duration.ofMillis(20);

  /** A stream that stands so long is well, whether or not the server says that nothing is left. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final StoredSource source;
  private final PostgresSettings settings;
  private final RowStreamSource streams;
  private final Intake intake;
  private volatile boolean closed;
  private volatile RowStreamSource.@Nullable Stream stream;

  RowFollower(
      StoredSource source, PostgresSettings settings, RowStreamSource streams, Intake intake) {
    this.source = source;
    this.settings = settings;
    this.streams = streams;
    this.intake = intake;
  }

  @Override
  public void run() {
    Optional<Place> place = intake.place(source);
    if (place.isEmpty()) {
      return;
    }
    RowPlace at = RowPlace.parse(place.get().at());
    PostgresRows rows = settings.rows();
    try (RowStreamSource.Stream opened = streams.open(rows, settings.system(), at)) {
      stream = opened;
      if (closed) {
        return;
      }
      TableChanges changes =
          new TableChanges(
              settings.subject(), source.actor(), rows.columns(), streams.knowledge(rows));
      follow(opened, new RowPage(changes, at));
    } catch (StreamFailure e) {
      if (!closed) {
        throw e;
      }
    }
  }

  private void follow(RowStreamSource.Stream opened, RowPage page) {
    PgOutput reader = new PgOutput();
    long since = System.nanoTime();
    boolean began = false;
    while (!closed) {
      Optional<ByteBuffer> message =
          page.isDue() || !began ? opened.poll() : Optional.of(opened.take());
      if (!page.isDue() && message.isEmpty()) {
        // Not before: a stream that breaks at its next message could be opened, and is not well.
        if (opened.hasCaughtUp() || System.nanoTime() - since > PATIENCE.toNanos()) {
          intake.began(source);
          began = true;
        } else {
          LockSupport.parkNanos(PAUSE.toNanos());
        }
        continue;
      }
      message.ifPresent(bytes -> {
        int length = bytes.remaining();
        page.add(reader.read(bytes), length);
      });
      if (page.isFull() || message.isEmpty()) {
        boolean ours =
            intake.take(source, page.changes(), page.from().toString(), page.to().toString());
        if (!ours) {
          return;
        }
        page.written();
        opened.confirm(page.to());
        if (!began) {
          intake.began(source);
          began = true;
        }
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    RowStreamSource.Stream open = stream;
    if (open != null) {
      open.close();
    }
  }
}
