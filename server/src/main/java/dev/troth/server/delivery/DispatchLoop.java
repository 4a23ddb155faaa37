package dev.troth.server.delivery;

import dev.troth.server.change.ChangeFeed;
import dev.troth.server.db.Parts;
import dev.troth.server.ops.Lifecycle;
import dev.troth.watch.fanout.Dispatcher;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The thread that runs the dispatcher: page after page while something is open, else asleep until
 * the next change.
 */
public final class DispatchLoop implements Lifecycle {
  private static final Logger LOG = System.getLogger("troth.watch");
  private static final Duration LONGEST_SLEEP = Duration.ofSeconds(5);
  private static final Duration BALANCE = Duration.ofSeconds(1);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private final Dispatcher dispatcher;
  private final ChangeFeed feed;
  private final Parts parts;
  private final Courtesy courtesy;
  private long balanced;
  private @Nullable Thread thread;
  private volatile boolean stopping;

  /** What may come before a page. */
  @FunctionalInterface
  public interface Courtesy {
    /** Lets others go first, for a moment. */
    void letOthersGoFirst() throws InterruptedException;
  }

  /**
   * @param parts those that this loop takes and gives back, between two pages
   * @param courtesy comes before each page
   */
  public DispatchLoop(Dispatcher dispatcher, ChangeFeed feed, Parts parts, Courtesy courtesy) {
    this.dispatcher = dispatcher;
    this.feed = feed;
    this.parts = parts;
    this.courtesy = courtesy;
  }

  @Override
  public String name() {
    return "dispatcher";
  }

  @Override
  public void start() {
    stopping = false;
    thread = Thread.ofPlatform().name("watch-dispatch").daemon(true).start(this::run);
  }

  private void run() {
    while (true) {
      // The position is taken before the look at the flag: a stop after it ends the wait below.
      ChangeFeed.Position seen = feed.position();
      if (stopping) {
        return;
      }
      try {
        balance();
        courtesy.letOthersGoFirst();
        if (!dispatcher.page()) {
          feed.await(seen, sleep());
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        // The positions on disk are the truth: whatever failed, they say where to go on.
        LOG.log(Level.WARNING, "a page of notifications failed and is told again: " + e, e);
        dispatcher.reset();
        if (!pause(seen)) {
          return;
        }
      }
    }
  }

  /** Where parts have come or gone, what is held in memory is not what is to be told here. */
  private void balance() {
    long now = System.nanoTime();
    if (parts.move() && (balanced == 0 || now - balanced >= BALANCE.toNanos())) {
      if (parts.balance()) {
        dispatcher.reset();
      }
      balanced = now;
    }
  }

  private Duration sleep() {
    return parts.move() ? BALANCE : LONGEST_SLEEP;
  }

  private boolean pause(ChangeFeed.Position seen) {
    try {
      feed.await(seen, AFTER_FAILURE);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /** Lets the page in hand be committed, then ends. */
  @Override
  public void stop() {
    stopping = true;
    feed.poke();
    Thread running = thread;
    if (running == null) {
      return;
    }
    try {
      if (!running.join(Duration.ofSeconds(8))) {
        running.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
