package dev.troth.server.change;

import dev.troth.server.db.Database;
import dev.troth.server.db.Neighbour;
import dev.troth.server.ops.Lifecycle;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jdbi.v3.core.Handle;

/**
 * Counts what moves without a change of the log, so that an open stream and a conditional GET
 * notice: a user's watches, a user's marks, and the measurements of objectives and traces. Users
 * share counters by hash: a false alarm costs one look into the database. Safe for use by many
 * threads.
 */
public final class Revisions implements Lifecycle, Neighbour {
  private static final String WATCHES = "watches/";
  private static final String MARKS = "marks/";
  private static final String MEASURED = "measured";
  private static final int COUNTERS = 4_096;

  private final AtomicLongArray watches = new AtomicLongArray(COUNTERS);
  private final AtomicLongArray marks = new AtomicLongArray(COUNTERS);
  private final AtomicLong objectives = new AtomicLong();
  private final AtomicLong traces = new AtomicLong();
  private final AtomicLong verdicts = new AtomicLong();
  private final long start = ThreadLocalRandom.current().nextLong(1L << 48);
  private final Database database;
  private final ChangeFeed feed;

  public Revisions(Database database, ChangeFeed feed) {
    this.database = database;
    this.feed = feed;
  }

  @Override
  public String name() {
    return "revisions";
  }

  @Override
  public void start() {
    database.replicas().add(this);
  }

  @Override
  public void stop() {}

  /** A user's watches are others, here and elsewhere, once the transaction is committed. */
  public void touchWatches(Handle handle, String user) {
    database.replicas().tell(handle, WATCHES + user);
    handle.afterCommit(() -> touchWatches(user));
  }

  /** A user's watches are others; called after the commit. */
  public void touchWatches(String user) {
    var _ = watches.incrementAndGet(counter(user));
    feed.poke();
  }

  /** A user's marks are others, here and elsewhere, once the transaction is committed. */
  public void touchMarks(Handle handle, String user) {
    database.replicas().tell(handle, MARKS + user);
    handle.afterCommit(() -> {
      var _ = marks.incrementAndGet(counter(user));
      feed.poke();
    });
  }

  /** Lets the other platforms know that measurements are others, once this is committed. */
  public void tellMeasured(Handle handle) {
    database.replicas().tell(handle, MEASURED);
  }

  @Override
  public void heard(String topic) {
    if (topic.startsWith(WATCHES)) {
      var _ = watches.incrementAndGet(counter(topic.substring(WATCHES.length())));
    } else if (topic.startsWith(MARKS)) {
      var _ = marks.incrementAndGet(counter(topic.substring(MARKS.length())));
    } else if (topic.equals(MEASURED)) {
      touchObjectives();
      touchTraces();
    }
  }

  @Override
  public void missed() {
    for (int i = 0; i < COUNTERS; i++) {
      var _ = watches.incrementAndGet(i);
      var _ = marks.incrementAndGet(i);
    }
    touchObjectives();
    touchTraces();
  }

  /** Figures of objectives may be others; streams look by themselves, once a second. */
  public void touchObjectives() {
    var _ = objectives.incrementAndGet();
  }

  /** Traces were received; streams look by themselves, once a second. */
  public void touchTraces() {
    var _ = traces.incrementAndGet();
  }

  /** A token was judged here; streams look by themselves, once a second. */
  public void touchVerdicts() {
    var _ = verdicts.incrementAndGet();
  }

  /** A number that differs after each touch of verdicts. */
  public long verdicts() {
    return verdicts.get();
  }

  /** A number that differs after each touch of the user, and after each start of the platform. */
  public long of(String user) {
    return start + watchesOf(user) + marks.get(counter(user));
  }

  /** A number that differs after each touch of the user's watches. */
  public long watchesOf(String user) {
    return watches.get(counter(user));
  }

  /** A number that differs after each touch of objectives. */
  public long objectives() {
    return objectives.get();
  }

  /** A number that differs after each touch of traces. */
  public long traces() {
    return traces.get();
  }

  private static int counter(String user) {
    return Math.floorMod(user.hashCode(), COUNTERS);
  }
}
