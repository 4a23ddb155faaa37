package dev.troth.server.source;

import dev.troth.server.rows.SqliteRowSource;
import dev.troth.server.rows.SqliteRowSource.Recorded;
import dev.troth.server.source.PlaceStore.Place;
import dev.troth.server.source.StreamSettings.SqliteSettings;
import dev.troth.watch.change.NewChange;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Takes what the triggers of one SQLite file recorded. A page is committed with the number of its
 * last, and only then deleted from the file.
 */
final class SqliteFollower implements Streams.Follower {
  private static final int PAGE = 500;
  private static final long PAUSE_MILLIS = 25;

  private final StoredSource source;
  private final SqliteSettings settings;
  private final SqliteRowSource files;
  private final Intake intake;
  private final CountDownLatch closed = new CountDownLatch(1);

  SqliteFollower(
      StoredSource source, SqliteSettings settings, SqliteRowSource files, Intake intake) {
    this.source = source;
    this.settings = settings;
    this.files = files;
    this.intake = intake;
  }

  @Override
  public void run() {
    Optional<Place> place = intake.place(source);
    if (place.isEmpty()) {
      return;
    }
    long at = Long.parseLong(place.get().at());
    try (SqliteRowSource.Tail tail = files.open(settings.rows(), at)) {
      follow(tail, at);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow(SqliteRowSource.Tail tail, long from) throws InterruptedException {
    long at = from;
    boolean began = false;
    tail.forget(at);
    while (closed.getCount() > 0) {
      if (tail.moved()) {
        List<Recorded> page;
        do {
          page = tail.after(at, PAGE);
          if (!page.isEmpty()) {
            long to = page.getLast().id();
            List<NewChange> changes =
                page.stream()
                    .map(one -> one.row().change(settings.subject(), source.actor()))
                    .toList();
            if (!intake.take(source, changes, Long.toString(at), Long.toString(to))) {
              return;
            }
            at = to;
            tail.forget(at);
          }
        } while (!page.isEmpty() && closed.getCount() > 0);
        // After what is recorded, so that nothing of it waits for somebody to mend the rest.
        tail.requireRecording();
        if (!began) {
          // Not before: a file whose next row cannot be taken could be opened, and is not well.
          intake.began(source);
          began = true;
        }
      }
      boolean _ = closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
