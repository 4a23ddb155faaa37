package dev.troth.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A reverse proxy that people use, in front of a platform; the test is skipped without it. */
record Proxy(Process process, int port) implements AutoCloseable {
  private static final String CONSOLE = "127.0.0.1:4000";
  private static final String TELEMETRY = "127.0.0.1:4318";
  private static final String PORT = "8000";

  /** A program and how it is started with a file of settings. */
  enum Kind {
    NGINX("nginx", List.of("-g", "daemon off;", "-p", "FOLDER", "-c", "FILE")),
    CADDY("caddy", List.of("run", "--adapter", "caddyfile", "--config", "FILE"));

    private final String program;
    private final List<String> arguments;

    Kind(String program, List<String> arguments) {
      this.program = program;
      this.arguments = arguments;
    }
  }

  /**
   * Starts a proxy with the settings that the documentation shows; their ports become those of the
   * test.
   */
  static Proxy start(Kind kind, String settings, int console, int telemetry) throws IOException {
    Path program = find(kind.program);
    int port = freePort();
    Path folder = Files.createTempDirectory("troth-proxy-");
    Path file = folder.resolve("settings");
    Files.writeString(
        file,
        settings
            .replace(CONSOLE, "127.0.0.1:" + console)
            .replace(TELEMETRY, "127.0.0.1:" + telemetry)
            .replace(PORT, String.valueOf(port)));
    List<String> command =
        Stream.concat(Stream.of(program.toString()), kind.arguments.stream())
            .map(word -> word.equals("FILE") ? file.toString() : word)
            .map(word -> word.equals("FOLDER") ? folder.toString() : word)
            .toList();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile());
    builder.environment().put("HOME", folder.toString());
    Proxy proxy = new Proxy(builder.start(), port);
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .failFast(() ->
              assertThat(proxy.process.isAlive())
                  .as(kind.program + ": " + Files.readString(folder.resolve("log")))
                  .isTrue())
          .until(proxy::listens);
      return proxy;
    } catch (RuntimeException e) {
      proxy.close();
      throw e;
    }
  }

  private static Path find(String program) {
    Optional<Path> found =
        Stream.concat(
                Stream.of(
                    Optional.ofNullable(System.getenv("PATH"))
                        .orElse("")
                        .split(File.pathSeparator)),
                Stream.of("/usr/sbin"))
            .map(folder -> Path.of(folder, program))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(found.isPresent(), "no " + program + ": apt-get install " + program);
    return found.orElseThrow();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
