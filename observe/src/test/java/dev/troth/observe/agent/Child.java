package dev.troth.observe.agent;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A program that runs beside the test and ends with it. */
final class Child implements AutoCloseable {
  private final Process process;

  private Child(Process process) {
    this.process = process;
  }

  /** A script of the tests, run by Python. */
  static Child python(Path folder, String script, Object... arguments) throws IOException {
    List<String> command = new java.util.ArrayList<>(List.of("python3", resource(script)));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return start(folder, command);
  }

  static String resource(String name) {
    try {
      return Path.of(
              java.util.Objects.requireNonNull(Child.class.getResource("/servers/" + name), name)
                  .toURI())
          .toString();
    } catch (java.net.URISyntaxException impossible) {
      throw new IllegalStateException("a resource has a path", impossible);
    }
  }

  /** A script for Node beside packages that others wrote; the test is skipped without them. */
  static String foreign(String name) {
    Path clients = Path.of(System.getProperty("troth.root", ".."), "observe/src/test/clients");
    assumeTrue(
        Files.isDirectory(clients.resolve("node_modules")),
        "the test is skipped: its packages are not installed; npm ci --ignore-scripts in "
            + clients);
    return clients.resolve(name).toAbsolutePath().normalize().toString();
  }

  static Child start(Path folder, List<String> command) throws IOException {
    return start(folder, command, Map.of());
  }

  static Child start(Path folder, List<String> command, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return new Child(
        builder
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("child.log").toFile()))
            .start());
  }

  /** A JVM that runs a class of the tests. */
  static Child java(Path folder, Class<?> main, String... arguments) throws IOException {
    return java(folder, "-Xmx128m", main, arguments);
  }

  /** As {@link #java(Path, Class, String...)}, with a heap of its own size. */
  static Child java(Path folder, String heap, Class<?> main, String... arguments)
      throws IOException {
    return start(folder, javaCommand(heap, main, arguments));
  }

  static List<String> javaCommand(String heap, Class<?> main, String... arguments) {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                heap,
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  int pid() {
    return (int) process.pid();
  }

  Child listening(int port) {
    Awaitility.await("port " + port)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
          } catch (IOException notYet) {
            return false;
          }
        });
    return this;
  }

  int waitFor(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("a child runs longer than " + limit);
    }
    return process.exitValue();
  }

  /** Tells the child by the end of its input that it shall end. */
  void closeInput() throws IOException {
    process.getOutputStream().close();
  }

  /** Gives the child a part of its input. */
  void say(String text) throws IOException {
    process.getOutputStream().write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** Gives the child all of its input. */
  void input(String text) throws IOException {
    try (var out = process.getOutputStream()) {
      out.write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  /** Sends a signal by name. */
  void signal(String name) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
    if (kill.waitFor() != 0) {
      throw new AssertionError("kill -" + name + " failed");
    }
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
    }
  }
}
