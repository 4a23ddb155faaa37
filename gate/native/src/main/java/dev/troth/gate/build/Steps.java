package dev.troth.gate.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Steps of a build by name. A step is done when its outputs are there and were made from what its
 * key says; the key is written last, so that a build that was stopped does it again.
 */
final class Steps {
  private final Path folder;
  private final Map<String, Object> locks = new ConcurrentHashMap<>();

  /** What is done in a step. */
  interface Work {
    void run() throws IOException;
  }

  Steps(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  /** Where keys are kept. */
  Path folder() {
    return folder;
  }

  /** Does a step if its outputs are not of this key. */
  void run(String name, String key, List<Path> outputs, Work work) throws IOException {
    synchronized (locks.computeIfAbsent(name, _ -> new Object())) {
      Path stamp = folder.resolve(name + ".key");
      boolean there = outputs.stream().allMatch(Files::exists);
      if (there && Files.exists(stamp) && Files.readString(stamp).equals(key)) {
        return;
      }
      Files.deleteIfExists(stamp);
      work.run();
      Files.writeString(stamp, key);
    }
  }

  /** Does several things at once, and fails with the first of them that does. */
  static void sideBySide(List<Work> all) throws IOException {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<?>> started = new ArrayList<>();
      for (Work work : all) {
        started.add(
            threads.submit(() -> {
              work.run();
              return true;
            }));
      }
      for (Future<?> one : started) {
        one.get();
      }
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case IOException io -> throw io;
        case UncheckedIOException io -> throw new IOException(io);
        case BuildException build -> throw build;
        case null, default -> throw new BuildException(String.valueOf(failed.getCause()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BuildException("interrupted");
    }
  }
}
