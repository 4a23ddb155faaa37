package dev.troth.server.source;

import dev.troth.server.channel.PinnedClient;
import dev.troth.server.db.Database;
import dev.troth.server.db.Replicas;
import dev.troth.server.event.Events;
import dev.troth.server.folder.FolderSource;
import dev.troth.server.ops.Lifecycle;
import dev.troth.server.rabbit.QueueSource;
import dev.troth.server.rows.AllowedFolders;
import dev.troth.server.rows.PostgresSource;
import dev.troth.server.rows.RowStreamSource;
import dev.troth.server.rows.SlotSource;
import dev.troth.server.rows.SqliteRowSource;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.webhook.AddressRule;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the sources that are due, many at a time, each once at a time, and keeps the streams of
 * the others running. Where several platforms share a database, the one that holds the lease looks.
 */
public final class SourceRunner implements Lifecycle {
  private static final Logger LOG = System.getLogger("troth.source");
  private static final int MOST = 16;
  private static final int LOOKED_AT = 256;
  private static final long LOOK_MILLIS = 1_000;

  private final Database database;
  private final Sources sources;
  private final Looks looking;
  private final Streams streams;
  private final AllowedFolders allowed;
  private final Semaphore room = new Semaphore(MOST);
  private final Semaphore bell = new Semaphore(0);
  private final Set<Long> underWay = ConcurrentHashMap.newKeySet();
  private @Nullable Thread thread;
  private @Nullable ExecutorService looks;
  private volatile boolean stopping;

  /**
   * What sources are reached by.
   *
   * @param client for HTTP
   * @param reachable where databases may be
   * @param folders what may be read of this machine
   * @param events what messages become
   */
  public record Ways(
      PinnedClient client, AddressRule reachable, AllowedFolders folders, Events events) {}

  public SourceRunner(Database database, ChangeLog<Handle> changes, Ways ways, Clock clock) {
    this.database = database;
    this.allowed = ways.folders();
    PostgresSource databases = new PostgresSource(ways.reachable());
    SlotSource slots = new SlotSource(databases);
    SqliteRowSource files = new SqliteRowSource(ways.folders());
    FolderSource folders = new FolderSource(ways.folders());
    QueueSource queues = new QueueSource(ways.reachable());
    FarEnd farEnd = new FarEnd(slots, files, queues, folders);
    HttpSource http = new HttpSource(ways.client());
    this.looking = new Looks(database, changes, http, clock);
    this.streams =
        new Streams(
            new Intake(database, changes, clock),
            farEnd,
            new RowStreamSource(databases, slots),
            new Streams.Files(files, folders),
            new Streams.Queues(queues, ways.events()));
    this.sources = new Sources(database, changes, http, farEnd, clock);
    sources.onDue(bell::release);
  }

  /** What is looked at. */
  public Sources sources() {
    return sources;
  }

  @Override
  public String name() {
    return "sources";
  }

  @Override
  public void start() {
    stopping = false;
    allowed
        .missing()
        .forEach(folder ->
            LOG.log(
                Level.WARNING,
                "watch.folders has {0}, expected a folder that is there: no source can read in it until it is",
                folder));
    looks = Executors.newVirtualThreadPerTaskExecutor();
    ExecutorService started = looks;
    thread = Thread.ofPlatform().name("watch-sources").daemon(true).start(() -> run(started));
  }

  private void run(ExecutorService executor) {
    while (!stopping) {
      try {
        if (isOurs()) {
          streams.turn(executor);
          for (StoredSource source : looking.due(LOOKED_AT)) {
            if (underWay.add(source.id())) {
              room.acquire();
              executor.execute(() -> look(source));
            }
          }
        } else {
          streams.close();
        }
        boolean _ = bell.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        int _ = bell.drainPermits();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "looking for due sources failed: " + e, e);
        pause();
      }
    }
  }

  /** What two see at once is written once all the same; the lease spares the other the look. */
  private boolean isOurs() {
    Replicas replicas = database.replicas();
    return !replicas.isShared()
        || database.write(handle -> replicas.lease("sources").take(handle) > 0);
  }

  private void pause() {
    try {
      boolean _ = bell.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      stopping = true;
    }
  }

  private void look(StoredSource source) {
    try {
      looking.look(source);
    } catch (RuntimeException | LinkageError e) {
      // It stays due, and is looked at again.
      LOG.log(Level.WARNING, "the look at source " + source.name() + " failed: " + e, e);
    } finally {
      underWay.remove(source.id());
      room.release();
    }
  }

  /** Lets looks in flight end for a moment; what they saw is seen again later. */
  @Override
  public void stop() {
    stopping = true;
    streams.close();
    bell.release();
    Thread looking = thread;
    ExecutorService running = looks;
    if (looking == null || running == null) {
      return;
    }
    try {
      running.shutdown();
      if (!running.awaitTermination(3, TimeUnit.SECONDS)) {
        running.shutdownNow();
      }
      looking.interrupt();
      boolean _ = looking.join(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      running.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
