package dev.troth.cli.demo;

import dev.troth.cli.command.CommandException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One process of the demo. Its errors go to a log file; its output is read line by line; its input
 * is a pipe that nobody writes to: when it closes, the child ends.
 */
final class Child implements AutoCloseable {
  private static final long MAX_LOG = 10L * 1024 * 1024;
  private static final int MAX_LAST_LINE = 400;

  /** {@code ready 4100}, or a sentence with {@code ready} and an address that ends in the port. */
  private static final Pattern READY = Pattern.compile("\\bready\\b(?:.*?:| )(\\d{1,5})\\b");

  private final String name;
  private final Path log;
  private final long logStart;
  private final Process process;
  private final CompletableFuture<Integer> port = new CompletableFuture<>();

  /**
   * What to run.
   *
   * @param name speaks of it in messages and names its log
   * @param environment {@code NAME=VALUE} of each variable beside those of this process
   * @param command the program and its arguments
   * @param heard hears its output, line by line
   */
  record Spec(String name, List<String> environment, List<String> command, Consumer<String> heard) {
    Spec {
      environment = List.copyOf(environment);
      command = List.copyOf(command);
    }

    Spec(String name, List<String> environment, List<String> command) {
      this(name, environment, command, line -> {});
    }
  }

  private Child(String name, Path log, long logStart, Process process) {
    this.name = name;
    this.log = log;
    this.logStart = logStart;
    this.process = process;
  }

  /**
   * Starts the process; Ctrl-C on the terminal does not reach it, so that it is stopped in turn.
   */
  static Child start(Spec spec, Path logs) {
    Path log = logs.resolve(spec.name() + ".log");
    List<String> command =
        new ArrayList<>(List.of("/bin/sh", "-c", "trap '' INT; exec \"$@\"", "sh"));
    command.addAll(spec.command());
    try {
      rotate(log);
      long logStart = Files.exists(log) ? Files.size(log) : 0;
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
      for (String variable : spec.environment()) {
        String[] parts = variable.split("=", 2);
        builder.environment().put(parts[0], parts[1]);
      }
      Process process = builder.start();
      Child child = new Child(spec.name(), log, logStart, process);
      Thread.ofVirtual().name(spec.name()).start(() -> child.listen(spec.heard()));
      return child;
    } catch (IOException e) {
      throw CommandException.failed("cannot start " + spec.name() + ": " + e.getMessage());
    }
  }

  private static void rotate(Path log) throws IOException {
    if (Files.exists(log) && Files.size(log) > MAX_LOG) {
      Files.move(log, Path.of(log + ".old"), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  String name() {
    return name;
  }

  Path log() {
    return log;
  }

  long pid() {
    return process.pid();
  }

  CompletableFuture<Process> ended() {
    return process.onExit();
  }

  private void listen(Consumer<String> heard) {
    try (BufferedReader out = process.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        Matcher ready = READY.matcher(line);
        if (!port.isDone() && ready.find()) {
          port.complete(Integer.parseInt(ready.group(1)));
        } else {
          heard.accept(line);
        }
      }
    } catch (IOException e) {
      // it has ended
    }
    port.completeExceptionally(new IOException("ended"));
  }

  /** The port it answers at, once it is ready. */
  int port(Duration within) {
    try {
      return port.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      int code = process.onExit().join().exitValue();
      String why = "cannot start " + name + ": " + lastWords();
      throw code == 2 ? CommandException.usage(why) : CommandException.failed(why);
    } catch (TimeoutException e) {
      throw CommandException.failed(
          "%s is not ready after %d s; its log is %s".formatted(name, within.toSeconds(), log));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.failed("interrupted while " + name + " was starting");
    }
  }

  /** Whether it says this in its log before the time is over, or it is. */
  boolean says(String text, Duration within) {
    Instant end = Instant.now().plus(within);
    try {
      while (process.isAlive() && Instant.now().isBefore(end)) {
        if (tail().contains(text)) {
          return true;
        }
        Thread.sleep(50);
      }
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.failed("interrupted while " + name + " was starting");
    }
  }

  /** The last line of this run's log. */
  String lastWords() {
    List<String> lines = tail().strip().lines().toList();
    if (!lines.isEmpty()) {
      String line = lines.getLast();
      return line.length() <= MAX_LAST_LINE ? line : line.substring(0, MAX_LAST_LINE) + "…";
    }
    return "(none)";
  }

  /** The end of this run's log. */
  private String tail() {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long from = Math.max(logStart, file.length() - 8_192);
      file.seek(from);
      byte[] tail = new byte[(int) (file.length() - from)];
      file.readFully(tail);
      return new String(tail, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** Lets it know that it is time. */
  void askToEnd() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      process.destroy();
    }
  }

  /** Ends it: by asking, and if it has not gone in time, by force. */
  void end(Duration within) {
    askToEnd();
    try {
      if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
  }

  /** It, and what it started. */
  private void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public void close() {
    end(Duration.ofSeconds(5));
  }
}
