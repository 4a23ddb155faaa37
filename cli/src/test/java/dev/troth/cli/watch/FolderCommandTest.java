package dev.troth.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Files of a folder, watched by commands, and what a queue needs. */
final class FolderCommandTest {
  @TempDir Path folder;

  private record Ran(int exit, String out, String err) {}

  private static Ran source(Platform platform, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine troth = Troth.commandLine();
    troth.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    List<String> all = new ArrayList<>(List.of("watch", "source"));
    all.addAll(List.of(args));
    all.add("--server");
    all.add("http://127.0.0.1:" + platform.port("http").orElseThrow());
    return new Ran(troth.execute(all.toArray(String[]::new)), out.toString(), err.toString());
  }

  @Test
  void filesAreAddedShownTestedAndRemovedAndAQueueNeedsAPassword() throws Exception {
    Path watched = Files.createDirectory(folder.resolve("conf")).toRealPath();
    Map<String, String> settings =
        Map.of(
            "data",
            folder.resolve("data").toString(),
            "http.listen",
            "0",
            "registry.listen",
            "off",
            "otlp.http",
            "off",
            "otlp.grpc",
            "off",
            "watch.folders",
            watched.toString());
    try (Platform platform =
        Main.start(Config.load(Inputs.flagsOnly(settings)), Clock.systemUTC())) {
      Ran added =
          source(platform, "add", "conf", "--folder", watched.toString(), "--glob", "**.json");
      assertThat(added.exit()).as(added.err()).isZero();
      assertThat(added.out())
          .isEqualTo(
              "source conf  new  file/conf  %s/**.json  never seen  0 changes\n"
                  .formatted(watched));
      await()
          .untilAsserted(() ->
              assertThat(source(platform, "show", "conf").out()).contains("\"place\" : \"1\""));
      Files.writeString(watched.resolve("a.json"), "{\"a\":1}");
      await()
          .untilAsserted(() ->
              assertThat(source(platform, "list").out())
                  .startsWith("conf  ok  file/conf  ")
                  .contains("  1 changes", "last change "));
      assertThat(source(platform, "test", "conf").out()).isEqualTo("works: 1 files count\n");
      assertThat(source(platform, "remove", "conf").out()).isEqualTo("removed source conf\n");
      String queue = "amqp://ann@127.0.0.1/q";
      assertThat(source(platform, "add", "mq", "--rabbitmq", queue).err())
          .contains("the password is missing, expected --password-file or --password-env");
      Ran unset =
          source(platform, "add", "mq", "--rabbitmq", queue, "--password-env", "TROTH_NONE_SUCH");
      assertThat(unset.exit()).isEqualTo(ExitCode.USAGE);
      assertThat(unset.err()).contains("the environment has no TROTH_NONE_SUCH");
    }
  }
}
