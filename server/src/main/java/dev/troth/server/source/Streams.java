package dev.troth.server.source;

import dev.troth.server.db.DatabaseBusy;
import dev.troth.server.db.StorageException;
import dev.troth.server.event.Events;
import dev.troth.server.folder.FolderSource;
import dev.troth.server.rabbit.QueueSource;
import dev.troth.server.rows.RowStreamSource;
import dev.troth.server.rows.SqliteRowSource;
import dev.troth.server.rows.StreamFailure;
import dev.troth.server.source.StoredSource.State;
import dev.troth.server.source.StreamSettings.FolderSettings;
import dev.troth.server.source.StreamSettings.PostgresSettings;
import dev.troth.server.source.StreamSettings.QueueSettings;
import dev.troth.server.source.StreamSettings.SqliteSettings;
import java.io.Closeable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;

/**
 * The followers of active sources, started again after they broke, and looks at their other ends.
 */
final class Streams {
  private static final Logger LOG = System.getLogger("troth.source");
  private static final Duration LOOK = Duration.ofSeconds(15);
  private static final Duration LOOK_AT_PAUSED = Duration.ofMinutes(1);

  private final Intake intake;
  private final FarEnd farEnd;
  private final RowStreamSource rows;
  private final Files files;
  private final Queues queues;
  private final Map<Long, Follower> running = new ConcurrentHashMap<>();
  private final Set<Long> looking = ConcurrentHashMap.newKeySet();

  /** When each was looked at last; of the thread that turns. */
  private final Map<Long, Instant> looked = new HashMap<>();

  /** Takes what one source sends, until it is closed by another thread or fails. */
  interface Follower extends Closeable {
    void run();

    /** Ends {@link #run} soon. */
    @Override
    void close();
  }

  /** What queues are read by, and what their messages become. */
  record Queues(QueueSource source, Events events) {}

  /** What is read of this machine. */
  record Files(SqliteRowSource rows, FolderSource folders) {}

  Streams(Intake intake, FarEnd farEnd, RowStreamSource rows, Files files, Queues queues) {
    this.intake = intake;
    this.farEnd = farEnd;
    this.rows = rows;
    this.files = files;
    this.queues = queues;
  }

  /** Starts and ends what is to be started and ended; called again and again by one thread. */
  void turn(ExecutorService executor) {
    List<StoredSource> all = intake.all();
    Set<Long> active =
        all.stream()
            .filter(source -> source.state() == State.ACTIVE)
            .map(StoredSource::id)
            .collect(Collectors.toSet());
    running.forEach((id, follower) -> {
      if (!active.contains(id)) {
        follower.close();
      }
    });
    looked.keySet().retainAll(all.stream().map(StoredSource::id).collect(Collectors.toSet()));
    Instant now = intake.now();
    for (StoredSource source : all) {
      if (source.settings() instanceof StreamSettings settings) {
        boolean runs = running.containsKey(source.id());
        if (source.state() == State.ACTIVE && !runs && !source.due().isAfter(now)) {
          start(executor, source, settings);
        }
        // One that broke is looked at as well: what waits there grows while nobody takes it.
        if (isToBeLookedAt(source, now)) {
          looked.put(source.id(), now);
          look(executor, source, settings);
        }
      }
    }
  }

  private boolean isToBeLookedAt(StoredSource source, Instant now) {
    Instant last = looked.get(source.id());
    Duration every = source.state() == State.PAUSED ? LOOK_AT_PAUSED : LOOK;
    return last == null || !last.plus(every).isAfter(now);
  }

  private void start(ExecutorService executor, StoredSource source, StreamSettings settings) {
    Follower follower =
        switch (settings) {
          case PostgresSettings postgres -> new RowFollower(source, postgres, rows, intake);
          case SqliteSettings sqlite -> new SqliteFollower(source, sqlite, files.rows(), intake);
          case FolderSettings folder -> new FolderFollower(source, folder, files.folders(), intake);
          case QueueSettings queue -> new QueueFollower(source, queue, queues, intake);
        };
    running.put(source.id(), follower);
    on(executor, settings)
        .execute(() -> {
          try {
            follower.run();
          } catch (StreamFailure e) {
            failed(source, e.detail());
          } catch (StorageException | DatabaseBusy e) {
            // Nothing can be written down either; it begins again at once.
            LOG.log(Level.WARNING, "source {0} waits for the database: {1}", source.name(), e);
          } catch (RuntimeException | LinkageError e) {
            LOG.log(Level.WARNING, "the stream of source " + source.name() + " failed: " + e, e);
            failed(source, e.toString());
          } finally {
            running.remove(source.id(), follower);
          }
        });
  }

  /** Files of a disk that hangs hold a thread of their own, not one that carries all others. */
  private static Executor on(ExecutorService executor, StreamSettings settings) {
    return settings instanceof SqliteSettings
        ? work -> Thread.ofPlatform().daemon(true).name("source-file").start(work)
        : executor;
  }

  private void failed(StoredSource source, String why) {
    try {
      intake.failed(source, why);
    } catch (StorageException | DatabaseBusy | IllegalStateException e) {
      LOG.log(Level.WARNING, "source {0} failed: {1}; {2}", source.name(), why, e);
    }
  }

  private void look(ExecutorService executor, StoredSource source, StreamSettings settings) {
    if (!looking.add(source.id())) {
      return;
    }
    on(executor, settings)
        .execute(() -> {
          try {
            FarEnd.Look look = farEnd.look(settings);
            intake.looked(source, look, running.containsKey(source.id()));
          } catch (StreamFailure e) {
            // The stream says it, if it lasts; one that does not run is looked at again.
            LOG.log(Level.DEBUG, "the look at source {0} failed: {1}", source.name(), e.detail());
            if (!running.containsKey(source.id())) {
              intake.unreachable(source);
            }
          } catch (StorageException | DatabaseBusy e) {
            LOG.log(Level.DEBUG, "the look at source {0} waits: {1}", source.name(), e);
          } finally {
            looking.remove(source.id());
          }
        });
  }

  /** Ends all. */
  void close() {
    running.values().forEach(Follower::close);
  }
}
