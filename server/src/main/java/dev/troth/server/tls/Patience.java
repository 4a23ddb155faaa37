package dev.troth.server.tls;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks the file system what it may never answer, as a dead mount does. Each question has a thread
 * of its own, which is left alone after a while; no more than a few are left.
 */
final class Patience {
  private final Duration most;
  private final Semaphore free;

  Patience(Duration most, int threads) {
    this.most = most;
    this.free = new Semaphore(threads);
  }

  /**
   * The answer.
   *
   * @throws TimeoutException when there is none yet, or too many questions before are open
   * @throws IllegalStateException when the question failed, which is its cause
   */
  <T> T ask(Callable<T> question) throws InterruptedException, TimeoutException {
    if (!free.tryAcquire()) {
      throw new TimeoutException();
    }
    FutureTask<T> task = new FutureTask<>(question);
    Thread.ofPlatform()
        .daemon()
        .name("tls-files-read")
        .start(() -> {
          try {
            task.run();
          } finally {
            free.release();
          }
        });
    try {
      return task.get(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
