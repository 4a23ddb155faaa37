package dev.troth.server.oncall;

import dev.troth.server.db.Database;
import dev.troth.server.db.Replicas;
import dev.troth.server.ops.Lifecycle;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks once a second for pages whose next step is due. Where several platforms share a database,
 * the one that holds the lease looks.
 */
public final class EscalationRunner implements Lifecycle {
  private static final Logger LOG = System.getLogger("troth.oncall");
  private static final int AT_ONCE = 100;
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Database database;
  private final Escalations escalations;
  private CountDownLatch stop = new CountDownLatch(0);
  private @Nullable Thread thread;

  public EscalationRunner(Database database, Escalations escalations) {
    this.database = database;
    this.escalations = escalations;
  }

  @Override
  public String name() {
    return "escalations";
  }

  @Override
  public void start() {
    CountDownLatch stopping = new CountDownLatch(1);
    stop = stopping;
    thread = Thread.ofPlatform().name("oncall").daemon(true).start(() -> run(stopping));
  }

  private void run(CountDownLatch stopping) {
    boolean more = false;
    try {
      while (!stopping.await(more ? 0 : LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
        more = look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean look() {
    try {
      return isOurs() && escalations.escalate(AT_ONCE) == AT_ONCE;
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "pages could not be escalated, and are tried again: " + e, e);
      return false;
    }
  }

  private boolean isOurs() {
    Replicas replicas = database.replicas();
    return !replicas.isShared()
        || database.write(handle -> replicas.lease("escalations").take(handle) > 0);
  }

  @Override
  public void stop() {
    stop.countDown();
    Thread running = thread;
    if (running != null) {
      try {
        boolean _ = running.join(Duration.ofSeconds(5));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
