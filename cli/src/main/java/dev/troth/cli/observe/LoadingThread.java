package dev.troth.cli.observe;

import dev.troth.cli.command.CommandException;
import dev.troth.observe.agent.Observation;
import dev.troth.observe.kernel.Capabilities;
import dev.troth.observe.kernel.KernelException;
import java.io.IOException;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A thread that keeps the capability NET_ADMIN until the programs are loaded, while all others have
 * given it up; it ends then.
 */
final class LoadingThread implements AutoCloseable {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("observe-load").factory());

  private LoadingThread() {}

  /** Starts it; to be called before the caller gives up its own capabilities. */
  static LoadingThread start() throws IOException {
    LoadingThread started = new LoadingThread();
    started.call(() -> {
      Capabilities.keepNeededAndNetwork();
      return true;
    });
    return started;
  }

  /** Loads the programs there, and ends it. */
  Observation open(Callable<Observation> opening) throws IOException {
    try {
      return call(opening);
    } finally {
      close();
    }
  }

  private <T> T call(Callable<T> work) throws IOException {
    try {
      return thread.submit(work).get();
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case KernelException refused -> throw refused;
        case NoSuchElementException refused -> throw refused;
        case IOException unreadable -> throw unreadable;
        case null, default -> throw new IllegalStateException("loading failed", failed);
      }
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
      throw CommandException.failed("interrupted while the programs were loaded");
    }
  }

  @Override
  public void close() {
    thread.close();
  }
}
