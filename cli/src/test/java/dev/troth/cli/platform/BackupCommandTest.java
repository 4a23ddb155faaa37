package dev.troth.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.Troth;
import dev.troth.cli.command.ExitCode;
import dev.troth.server.Main;
import dev.troth.server.Platform;
import dev.troth.server.config.Config;
import dev.troth.server.config.Inputs;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A backup and its restore, by the commands that docs/platform.md shows. */
final class BackupCommandTest {
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^\\$ \\./troth ((?:backup|restore) .*)$");

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private Platform platform;

  @BeforeEach
  void start() {
    platform =
        Main.start(
            Config.load(
                Inputs.flagsOnly(
                    Map.of(
                        "data",
                        folder.resolve("troth-data").toString(),
                        "http.listen",
                        "0",
                        "otlp.http",
                        "off",
                        "otlp.grpc",
                        "off",
                        "auth.mode",
                        "token"))),
            Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private record Ran(int exit, String out, String err) {}

  private static Ran run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine troth = Troth.commandLine();
    troth.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int exit = troth.execute(arguments);
    return new Ran(exit, out.toString(), err.toString());
  }

  /** The commands of the guide, in its order, in this test's folder. */
  private List<String[]> documented() throws Exception {
    Matcher command = COMMAND.matcher(Files.readString(Path.of("../docs/platform.md")));
    List<String[]> commands = new ArrayList<>();
    while (command.find()) {
      commands.add(
          command
              .group(1)
              .replace("troth-data", folder.resolve("troth-data").toString())
              .replace("troth-backup.db", folder.resolve("troth-backup.db").toString())
              .split(" "));
    }
    assertThat(commands).hasSize(2);
    return commands;
  }

  private String server() {
    return "http://127.0.0.1:" + platform.port("http").orElseThrow();
  }

  private String token(String... command) {
    List<String> all = new ArrayList<>(List.of("token"));
    all.addAll(List.of(command));
    all.addAll(List.of("--data", folder.resolve("troth-data").toString(), "--server", server()));
    Ran ran = run(all.toArray(String[]::new));
    assertThat(ran.exit()).as(ran.err()).isEqualTo(ExitCode.OK);
    return ran.out().strip();
  }

  private int call(String method, String path, String body, String token) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server() + path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.discarding()).statusCode();
    }
  }

  private int put(int record, String token) throws Exception {
    return call("PUT", "/api/records/" + record, "{\"name\":\"r\",\"value\":\"v\"}", token);
  }

  @Test
  void aFolderWhoseStateIsOnPostgresqlIsToldWhatTheGuideTells() throws Exception {
    Path keysAlone = Files.createDirectory(folder.resolve("keys-alone"));
    Path to = folder.resolve("copy.db");
    Ran backup = run("backup", "--data", keysAlone.toString(), "--to", to.toString());
    assertThat(backup.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(backup.err()).contains("one on PostgreSQL is backed up with pg_dump");
    assertThat(to).doesNotExist();
    assertThat(Files.readString(Path.of("../docs/platform.md"))).contains("use `pg_dump` here");
  }

  @Test
  void theDocumentedCommandsBringTheStateBackAndNoTokenThatWasRevoked() throws Exception {
    List<String[]> commands = documented();
    String token = token("create", "--user", "ada", "--role", "member");
    assertThat(put(7, token)).isEqualTo(201);

    Ran backup = run(commands.get(0));
    assertThat(backup.exit()).as(backup.err()).isEqualTo(ExitCode.OK);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("troth-backup.db"))))
        .isEqualTo("rw-------");

    assertThat(put(8, token)).isEqualTo(201);
    String id = token("list").split("\\s+")[0];
    token("revoke", id);
    assertThat(put(9, token)).isEqualTo(401);

    Ran running = run(commands.get(1));
    assertThat(running.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(running.err()).contains("is in use by process");

    platform.close();
    Ran restored = run(commands.get(1));
    assertThat(restored.exit()).as(restored.err()).isEqualTo(ExitCode.OK);
    assertThat(restored.out()).contains("troth-replaced-").contains("made a new signing key");
    start();

    assertThat(put(9, token)).isEqualTo(401);
    String fresh = token("create", "--user", "ada", "--role", "member");
    assertThat(call("GET", "/api/records/7", "", fresh)).isEqualTo(200);
    assertThat(call("GET", "/api/records/8", "", fresh)).isEqualTo(404);
  }

  @Test
  void whatIsNoBackupChangesNothing() throws Exception {
    String token = token("create", "--user", "ada", "--role", "member");
    platform.close();
    Path torn = folder.resolve("torn.db");
    Files.write(torn, "SQLite format 3\0 and then nothing".getBytes());
    String data = folder.resolve("troth-data").toString();
    for (String file : List.of(torn.toString(), folder.resolve("none.db").toString())) {
      Ran ran = run("restore", "--data", data, "--from", file);
      assertThat(ran.exit()).isEqualTo(ExitCode.USAGE);
      assertThat(ran.err()).contains(file);
    }
    Path foreign = Files.createFile(folder.resolve("foreign.db"));
    for (String[] wrong :
        new String[][] {
          {folder.toString(), "is no file, expected one that troth backup made"},
          {foreign.toString(), "it has no table schema_history"}
        }) {
      Ran ran = run("restore", "--data", data, "--from", wrong[0]);
      assertThat(ran.exit()).isEqualTo(ExitCode.USAGE);
      assertThat(ran.err()).contains(wrong[0], wrong[1]).doesNotContain("SELECT");
    }
    String missing = folder.resolve("none/b.db").toString();
    Ran nowhere = run("backup", "--data", data, "--to", missing);
    assertThat(nowhere.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(nowhere.err()).contains("folder " + folder.resolve("none") + " does not exist");
    assertThat(run("backup", "--data", data, "--to", "-").err())
        .contains("'-', expected the name of a file");
    Path id = Files.writeString(folder.resolve("troth-data/replica.id"), "0123456789abcdef");
    Ran elsewhere = run("restore", "--data", data, "--from", foreign.toString());
    assertThat(elsewhere.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(elsewhere.err()).contains("keeps its state in PostgreSQL", "pg_restore");
    Files.delete(id);
    Ran twice = run("backup", "--data", data, "--to", torn.toString());
    assertThat(twice.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(twice.err()).contains("exists, expected a new one");
    start();
    assertThat(put(7, token)).isEqualTo(201);
  }
}
