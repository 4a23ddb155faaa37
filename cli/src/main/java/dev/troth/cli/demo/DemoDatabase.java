package dev.troth.cli.demo;

import dev.troth.cli.command.CommandException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;

/**
 * A PostgreSQL of the demo's own, on loopback, for several platforms: the machine's programs, data
 * below the demo's folder.
 */
final class DemoDatabase {
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
  private static final String USER = "troth";
  private static final int INITDB_SECONDS = 120;

  /** Ends the server when the input closes, however the demo ends; SIGINT is its fast stop. */
  private static final String TETHERED =
      "exec 3<&0; \"$@\" </dev/null 3<&- & pg=$!; (cat <&3 >/dev/null; kill -INT $pg) & exec 3<&-; wait $pg";

  private final Path programs;
  private final Path data;
  private final Path password;
  private final Path logs;
  private final int port = DemoPorts.anyFree();

  private DemoDatabase(Path programs, DemoPlan plan) {
    this.programs = programs;
    this.data = plan.folder().resolve("postgres");
    this.password = plan.folder().resolve("postgres.password");
    this.logs = plan.logs();
  }

  /**
   * A database below the demo's folder, made if there is none.
   *
   * @throws CommandException if the machine has no PostgreSQL, saying how to install it
   */
  static DemoDatabase prepare(DemoPlan plan) {
    DemoDatabase database = new DemoDatabase(plan.postgres().orElseGet(() -> newest(DEBIAN)), plan);
    try {
      database.requirePrograms();
      database.initialize();
    } catch (IOException e) {
      throw CommandException.failed("cannot make a database: " + e.getMessage());
    }
    return database;
  }

  /** The programs of the newest version that is installed there. */
  static Path newest(Path installed) {
    if (Files.isDirectory(installed)) {
      try (DirectoryStream<Path> versions = Files.newDirectoryStream(installed)) {
        return StreamSupport.stream(versions.spliterator(), false)
            .map(version -> version.resolve("bin"))
            .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
            .max(Comparator.comparingDouble(DemoDatabase::version))
            .orElseThrow(() -> missing(installed.toString()));
      } catch (IOException e) {
        throw CommandException.failed("cannot read " + installed + ": " + e.getMessage());
      }
    }
    throw missing(installed.toString());
  }

  private static double version(Path bin) {
    String name = String.valueOf(bin.getName(bin.getNameCount() - 2));
    return name.matches("\\d{1,3}(\\.\\d{1,3})?") ? Double.parseDouble(name) : 0;
  }

  private static CommandException missing(String where) {
    return CommandException.failed(
        "several replicas need PostgreSQL, and there is none in %s: install it (apt-get install postgresql), or name the folder of its programs with --postgres"
            .formatted(where));
  }

  private void requirePrograms() {
    for (String program : List.of("initdb", "postgres")) {
      if (!Files.isExecutable(programs.resolve(program))) {
        throw missing(programs.toString());
      }
    }
  }

  private void initialize() throws IOException {
    if (Files.exists(data.resolve("PG_VERSION"))) {
      return;
    }
    if (!Files.exists(password, LinkOption.NOFOLLOW_LINKS)) {
      byte[] random = new byte[24];
      new SecureRandom().nextBytes(random);
      DemoKey.write(password, HexFormat.of().formatHex(random));
    }
    Path log = logs.resolve("initdb.log");
    List<String> command = new ArrayList<>(asNobody());
    command.addAll(
        List.of(
            programs.resolve("initdb").toString(),
            "--pgdata=" + data,
            "--username=" + USER,
            "--pwfile=" + password,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-instructions"));
    Process initdb =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      if (!initdb.waitFor(INITDB_SECONDS, TimeUnit.SECONDS) || initdb.exitValue() != 0) {
        initdb.destroyForcibly();
        throw CommandException.failed(
            "initdb could not make a database in %s; its log is %s".formatted(data, log));
      }
    } catch (InterruptedException e) {
      initdb.destroyForcibly();
      Thread.currentThread().interrupt();
      throw CommandException.failed("interrupted while initdb made a database");
    }
  }

  /** PostgreSQL refuses to run as root; in a user namespace without a mapping, root is nobody. */
  private static List<String> asNobody() {
    return "root".equals(System.getProperty("user.name"))
        ? List.of("unshare", "--user")
        : List.of();
  }

  Child.Spec server() {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", TETHERED, "sh"));
    command.addAll(asNobody());
    command.addAll(
        List.of(
            programs.resolve("postgres").toString(),
            "-D",
            data.toString(),
            "-p",
            Integer.toString(port),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
            "-c",
            "logging_collector=off"));
    // Its log is searched for words, so they are those of no locale.
    return new Child.Spec("database", List.of("LC_ALL=C"), command);
  }

  /** The line of its log by which it takes connections. */
  static String readyWords() {
    return "database system is ready to accept connections";
  }

  int port() {
    return port;
  }

  /** Where it is, with the password. */
  String url() {
    try {
      return "jdbc:postgresql://127.0.0.1:%d/postgres?user=%s&password=%s"
          .formatted(port, USER, Files.readString(password).strip());
    } catch (IOException e) {
      throw CommandException.failed("cannot read %s: %s".formatted(password, e.getMessage()));
    }
  }
}
