package dev.troth.server.db;

import dev.troth.server.db.ReplicaStore.Member;
import dev.troth.server.db.ReplicaStore.News;
import dev.troth.server.ops.CannotStart;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;

/**
 * This platform among the replicas of a PostgreSQL database: it keeps its lease and hears the
 * others. Without its lease it writes nothing; then it joins again under a new number, and whatever
 * its parts held by the old one is another's.
 */
final class Membership implements Replicas {
  private static final Logger LOG = System.getLogger("troth.replicas");

  /** How often the lease is renewed. */
  static final long RENEW_MILLIS = 3_000;

  /** The longest time between two looks at what others wrote. */
  static final int LOOK_MILLIS = 500;

  private static final long APART_MILLIS = 15;
  private static final long RETRY_MILLIS = 500;

  /** A renewal that was under way counts from before it was sent. */
  private static final long LEASE_NANOS = ReplicaStore.LEASE.toNanos();

  private static final long HEARD_LATELY_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long NEWS_NANOS = ReplicaStore.NEWS_KEPT.toNanos() / 2;

  private final Database database;
  private final SessionSource sessions;
  private final String title;
  private final String schema;
  private final List<Neighbour> neighbours = new CopyOnWriteArrayList<>();
  private final ReentrantLock looking = new ReentrantLock();
  private final List<Thread> threads = new ArrayList<>();
  private volatile long number;
  private volatile String said = "";
  private volatile boolean first;
  private volatile long leaseEnds;
  private volatile long heard;
  private volatile boolean stopping;
  private long newsRead;

  /**
   * A membership, not yet joined.
   *
   * @param title names this platform's place, such as its data folder: who comes back under it is
   *     the only one there
   * @param schema what all members have to agree on
   */
  Membership(Database database, SessionSource sessions, String title, String schema) {
    this.database = database;
    this.sessions = sessions;
    this.title = title;
    this.schema = schema;
  }

  /** Joins, and from then on keeps the lease and listens. */
  void start() {
    try (Handle handle = sessions.open()) {
      handle.useTransaction(ReplicaStore::makeTables);
      join(handle);
      newsRead = ReplicaStore.newestNews(handle);
    }
    heard = System.nanoTime();
    threads.add(Thread.ofVirtual().name("replica-lease").start(this::keepLease));
    threads.add(Thread.ofVirtual().name("replica-news").start(this::listen));
  }

  /** Listens no more; the lease still holds for what is under way. */
  void stopListening() {
    stopping = true;
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      try {
        thread.join(1_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Leaves, so that others take over at once. */
  void leave() {
    if (number == 0) {
      return;
    }
    try (Handle handle = sessions.open()) {
      ReplicaStore.leave(handle, number);
    } catch (RuntimeException e) {
      LOG.log(Level.INFO, "the lease ends by itself: " + e.getMessage());
    }
  }

  private void join(Handle handle) {
    long before = System.nanoTime();
    handle.useTransaction(mine -> {
      List<Member> living = ReplicaStore.living(mine);
      if (number > 0 && living.stream().anyMatch(one -> one.title().equals(title))) {
        // Whoever started later has the place; two that take it in turns would serve nobody.
        throw new CannotStart(
            "another platform of the name %s is on %s, and this one stays out: the name is in the data folder, and each platform needs a folder of its own"
                .formatted(title, sessions.title()));
      }
      List<Member> others = living.stream().filter(one -> !one.title().equals(title)).toList();
      for (Member other : others) {
        if (!other.schema().equals(schema)) {
          throw new CannotStart(
              "%s is used by a platform with another schema (%s, this program has %s): stop all of one version before you start another"
                  .formatted(sessions.title(), other.schema(), schema));
        }
      }
      number = ReplicaStore.join(mine, title, schema, said);
      first = others.isEmpty();
    });
    leaseEnds = before + LEASE_NANOS;
  }

  private void keepLease() {
    while (!stopping) {
      try (Handle handle = sessions.open()) {
        while (!stopping) {
          long before = System.nanoTime();
          if (ReplicaStore.renew(handle, number)) {
            leaseEnds = before + LEASE_NANOS;
          } else {
            LOG.log(Level.WARNING, "the lease of replica {0} ran out, it joins again", number);
            join(handle);
          }
          ReplicaStore.tidy(handle);
          Thread.sleep(RENEW_MILLIS);
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        if (!pause(e)) {
          return;
        }
      }
    }
  }

  private void listen() {
    while (!stopping) {
      try (Handle handle = sessions.open()) {
        sessions.listen(handle);
        while (!stopping) {
          sessions.await(handle, number, LOOK_MILLIS);
          look();
          // However often others write, one look finds what came meanwhile.
          Thread.sleep(APART_MILLIS);
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        if (!pause(e)) {
          return;
        }
      }
    }
  }

  private boolean pause(RuntimeException e) {
    if (stopping) {
      return false;
    }
    LOG.log(
        e instanceof CannotStart ? Level.WARNING : Level.DEBUG,
        "replica {0} is not among the others: {1}",
        number,
        e.getMessage());
    try {
      Thread.sleep(e instanceof CannotStart ? RENEW_MILLIS : RETRY_MILLIS);
      return true;
    } catch (InterruptedException stop) {
      return false;
    }
  }

  /** Whether anybody here knows of something that is committed and not read. */
  boolean isBehind() {
    return neighbours.stream().anyMatch(Neighbour::isBehind);
  }

  private record Seen(List<News> news, long newest, List<Runnable> rest) {}

  @Override
  public void look() {
    looking.lock();
    try {
      long before = System.nanoTime();
      boolean missed = before - heard > NEWS_NANOS;
      Seen seen =
          database.read(handle -> {
            List<News> news = ReplicaStore.newsAfter(handle, newsRead, number);
            long newest = ReplicaStore.newestNews(handle);
            boolean any = missed || !news.isEmpty();
            return new Seen(
                news, newest, neighbours.stream().map(one -> one.look(handle, any)).toList());
          });
      if (missed) {
        neighbours.forEach(Neighbour::missed);
      }
      for (News news : seen.news()) {
        neighbours.forEach(one -> one.heard(news.topic()));
      }
      newsRead = Math.max(newsRead, seen.newest());
      heard = before;
      seen.rest().forEach(Runnable::run);
    } finally {
      looking.unlock();
    }
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public boolean isFirst() {
    return first;
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public boolean holds() {
    return System.nanoTime() - leaseEnds < 0;
  }

  @Override
  public boolean hearsWell() {
    return System.nanoTime() - heard < HEARD_LATELY_NANOS;
  }

  @Override
  public List<Long> living(Handle handle) {
    return ReplicaStore.numbers(handle);
  }

  @Override
  public void tell(Handle handle, String topic) {
    ReplicaStore.tell(handle, number, topic);
  }

  @Override
  public void say(Handle handle, String text) {
    said = text;
    ReplicaStore.say(handle, number, text);
  }

  @Override
  public Map<Long, String> said(Handle handle) {
    return ReplicaStore.said(handle);
  }

  @Override
  public void add(Neighbour neighbour) {
    neighbours.add(neighbour);
  }

  @Override
  public Lease lease(String name) {
    return new Lease() {
      @Override
      public long take(Handle handle) {
        return ReplicaStore.take(handle, name, number);
      }

      @Override
      public void giveBack(Handle handle) {
        ReplicaStore.giveBack(handle, name, number);
      }
    };
  }
}
