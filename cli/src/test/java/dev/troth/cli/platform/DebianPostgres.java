package dev.troth.cli.platform;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of the machine's packages, for tests with {@code pg_dump}, which refuses
 * servers that are newer than itself.
 */
final class DebianPostgres implements AutoCloseable {
  private static final Path PACKAGES = Path.of("/usr/lib/postgresql");

  private final Path programs;
  private final Path data;
  private final int port;

  private DebianPostgres(Path programs, Path data, int port) {
    this.programs = programs;
    this.data = data;
    this.port = port;
  }

  /** Where the newest packaged server's programs are. */
  static Optional<Path> programs() throws IOException {
    if (!Files.isDirectory(PACKAGES)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(PACKAGES)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin ->
              Stream.of("initdb", "pg_ctl", "pg_dump")
                  .allMatch(name -> Files.isExecutable(bin.resolve(name))))
          .max(Comparator.comparing(Path::toString));
    }
  }

  /** Starts a server whose user {@code troth} may do everything without a password. */
  static DebianPostgres start(Path programs, Path data) throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    DebianPostgres server = new DebianPostgres(programs, data, port);
    server.run("initdb", "-D", data.toString(), "-U", "troth", "-A", "trust", "-E", "UTF8", "-N");
    server.run(
        "pg_ctl",
        "-D",
        data.toString(),
        "-l",
        data.resolve("log").toString(),
        "-o",
        "-p %d -h 127.0.0.1 -k %s -F".formatted(port, data),
        "-w",
        "start");
    return server;
  }

  int port() {
    return port;
  }

  /** As a user of a namespace of its own where this one is root, as which no server starts. */
  private void run(String program, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    Path words = Files.createTempFile("postgres-", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(words.toFile())
              .start();
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(command + ": " + Files.readString(words));
      }
    } finally {
      Files.delete(words);
    }
  }

  @Override
  public void close() throws Exception {
    run("pg_ctl", "-D", data.toString(), "-m", "immediate", "-w", "stop");
  }
}
