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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code store copy} refuses; {@link OperationsTest} runs one that succeeds. */
final class StoreCommandTest {
  private static final String NOWHERE = "jdbc:postgresql://127.0.0.1:1/troth?password=sesame";

  @TempDir Path folder;

  private record Ran(int exit, String err) {}

  private static Ran copy(Path from, String to) {
    return run("store", "copy", "--from", from.toString(), "--to", to);
  }

  private static Ran run(String... arguments) {
    StringWriter err = new StringWriter();
    CommandLine troth = Troth.commandLine();
    troth.setOut(new PrintWriter(new StringWriter())).setErr(new PrintWriter(err, true));
    int exit = troth.execute(arguments);
    return new Ran(exit, err.toString());
  }

  private Platform start() {
    return Main.start(
        Config.load(
            Inputs.flagsOnly(
                Map.of(
                    "data",
                    folder.toString(),
                    "http.listen",
                    "off",
                    "registry.listen",
                    "off",
                    "otlp.http",
                    "off",
                    "otlp.grpc",
                    "off"))),
        Clock.systemUTC());
  }

  @Test
  void aFolderWhosePlatformRunsIsRefused() {
    try (Platform running = start()) {
      assertThat(running.port("http")).isEmpty();
      Ran ran = copy(folder, NOWHERE);
      assertThat(ran.exit()).isEqualTo(ExitCode.USAGE);
      assertThat(ran.err())
          .contains("data folder " + folder + " is in use by process", "another with --from");
    }
    Ran ran = copy(folder, NOWHERE);
    assertThat(ran.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err())
        .contains("database jdbc:postgresql://127.0.0.1:1/troth cannot be opened")
        .doesNotContain("sesame");
  }

  @Test
  void whatIsNoFolderOrNoUrlIsNamedAndNothingIsMade() {
    Path none = folder.resolve("none");
    Ran missing = copy(none, NOWHERE);
    assertThat(missing.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(missing.err()).contains(none + "/troth.db does not exist, expected the data folder");
    assertThat(none).doesNotExist();
    Ran other = copy(folder, "jdbc:mysql://host/troth?password=sesame");
    assertThat(other.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(other.err())
        .contains("--to is 'jdbc:mysql://host/troth', expected jdbc:postgresql://host/database")
        .doesNotContain("sesame");
  }

  @Test
  void aFolderWhosePlatformMovedToPostgresqlIsNeitherBackedUpNorRestoredNorCopied()
      throws Exception {
    start().close();
    Path backup = folder.resolve("before.db");
    String data = folder.toString();
    assertThat(run("backup", "--data", data, "--to", backup.toString()).exit()).isZero();
    Path mark = folder.resolve("replica.id");
    Files.writeString(mark, "0123456789abcdef");
    String key = Files.readString(folder.resolve("token.key"));
    Path again = folder.resolve("again.db");
    for (Ran ran :
        List.of(
            run("backup", "--data", data, "--to", again.toString()),
            run("restore", "--data", data, "--from", backup.toString()),
            copy(folder, NOWHERE))) {
      assertThat(ran.exit()).isEqualTo(ExitCode.USAGE);
      assertThat(ran.err())
          .contains(mark + " says that this platform keeps its state in PostgreSQL")
          .contains("docs/operations.md");
    }
    assertThat(again).doesNotExist();
    assertThat(folder.resolve("token.key")).hasContent(key);
    // Whoever means the old state says so.
    Files.delete(mark);
    assertThat(run("backup", "--data", data, "--to", again.toString()).exit()).isZero();
  }
}
