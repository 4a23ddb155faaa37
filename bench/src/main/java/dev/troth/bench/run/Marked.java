package dev.troth.bench.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A command with all that it starts. Each of its processes carries a mark in its environment, by
 * which those are found too that have left its group, as a database server does.
 */
final class Marked {
  /** The name of the mark; one with TROTH_ would be a setting that the platform does not know. */
  private static final String MARK = "BENCH_RUN";

  private static final Duration GRACE = Duration.ofSeconds(10);

  private final String mark = MARK + "=" + UUID.randomUUID();

  /** How a command ended. */
  enum Outcome {
    DONE,
    FAILED,
    TIME_OVER
  }

  /**
   * Runs a command in a shell until it ends or its time is over, and ends what it left behind.
   *
   * @param lines takes what it prints
   */
  Outcome run(
      String command,
      Path folder,
      Map<String, String> environment,
      Duration limit,
      Consumer<String> lines)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", command).directory(folder.toFile());
    builder.environment().putAll(environment);
    builder.environment().put(MARK, mark.substring(MARK.length() + 1));
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    Thread reader = Thread.ofVirtual().start(() -> read(process, lines));
    try {
      boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        return Outcome.TIME_OVER;
      }
      return process.exitValue() == 0 ? Outcome.DONE : Outcome.FAILED;
    } finally {
      end(GRACE);
      reader.join();
    }
  }

  private static void read(Process process, Consumer<String> lines) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      reader.lines().forEach(lines);
    } catch (IOException | UncheckedIOException e) {
      lines.accept("its output broke off: " + e.getMessage());
    }
  }

  /**
   * Ends all processes that carry the mark: asks them to, and kills whoever has not gone by then.
   */
  void end(Duration grace) {
    List<ProcessHandle> left = alive();
    left.forEach(ProcessHandle::destroy);
    long until = System.nanoTime() + grace.toNanos();
    for (ProcessHandle one : left) {
      try {
        one.onExit().get(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
        // Whoever stays is killed below.
      }
    }
    // Who was asked may have started others in the meantime.
    for (left = alive(); !left.isEmpty(); left = alive()) {
      left.forEach(ProcessHandle::destroyForcibly);
      left.forEach(one -> one.onExit().join());
    }
  }

  /** All processes that carry the mark. */
  List<ProcessHandle> alive() {
    return ProcessHandle.allProcesses().filter(this::isMarked).toList();
  }

  private boolean isMarked(ProcessHandle process) {
    try {
      String environment =
          Files.readString(
              Path.of("/proc", Long.toString(process.pid()), "environ"),
              StandardCharsets.ISO_8859_1);
      return Stream.of(environment.split("\0")).anyMatch(mark::equals);
    } catch (IOException e) {
      return false; // gone, or somebody else's
    }
  }
}
