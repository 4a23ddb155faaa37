package dev.troth.server.channel;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Cuts off what takes too long, on one thread that is made for the first of them. */
final class Deadlines {
  private @Nullable ScheduledExecutorService thread;

  /** Has something done after a time, unless what is returned is cancelled before. */
  synchronized ScheduledFuture<?> after(Duration time, Runnable cut) {
    ScheduledExecutorService running = thread;
    if (running == null) {
      running =
          Executors.newSingleThreadScheduledExecutor(
              Thread.ofPlatform().name("channel-deadline").daemon(true).factory());
      thread = running;
    }
    return running.schedule(cut, time.toMillis(), TimeUnit.MILLISECONDS);
  }

  synchronized void stop() {
    if (thread != null) {
      thread.shutdownNow();
      thread = null;
    }
  }
}
