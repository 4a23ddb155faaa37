package dev.troth.server.rows;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Work on files of this machine. A pipe, or a file system over a network, may hold a thread for
 * ever; so it holds one of its own and never one of the few that carry all others.
 */
public final class LocalDisk {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /** Those that hang are not given up, so there is an end to them. */
  private static final Semaphore ROOM = new Semaphore(64);

  private LocalDisk() {}

  /**
   * Does something with a file or folder.
   *
   * @throws StreamFailure when it takes longer than a minute, or too much hangs already
   */
  public static <T> T within(String path, Callable<T> work) throws IOException {
    return within(path, LONGEST, work);
  }

  static <T> T within(String path, Duration longest, Callable<T> work) throws IOException {
    if (!ROOM.tryAcquire()) {
      throw new StreamFailure(
          "%s was not looked at: too many files of this machine do not answer".formatted(path));
    }
    CompletableFuture<T> done = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon(true)
        .name("disk")
        .start(() -> {
          try {
            done.complete(work.call());
          } catch (Throwable e) {
            done.completeExceptionally(e);
          } finally {
            ROOM.release();
          }
        });
    try {
      return done.get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new StreamFailure("%s did not answer within %d s".formatted(path, longest.toSeconds()));
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failed -> throw failed;
        case RuntimeException failed -> throw failed;
        case Error failed -> throw failed;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StreamFailure("%s was not waited for: the platform stops".formatted(path));
    }
  }
}
