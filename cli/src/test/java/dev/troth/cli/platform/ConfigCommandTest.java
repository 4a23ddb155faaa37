package dev.troth.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.Troth;
import dev.troth.cli.command.ExitCode;
import dev.troth.server.config.Keys;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConfigCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int print(String... arguments) throws IOException {
    Path file = folder.resolve("t.yaml");
    if (!Files.exists(file)) {
      Files.writeString(file, "auth:\n  mode: token\n");
    }
    String[] all = new String[arguments.length + 4];
    all[0] = "config";
    all[1] = "print";
    all[2] = "--config";
    all[3] = file.toString();
    System.arraycopy(arguments, 0, all, 4, arguments.length);
    CommandLine troth =
        Troth.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return troth.execute(all);
  }

  @Test
  void everySettingIsShownWithItsSource() throws IOException {
    assertThat(print("--port", "4005")).isZero();
    assertThat(out.toString().lines()).hasSize(Keys.all().size());
    assertThat(out.toString())
        .containsPattern("http.listen +4005 +--http-listen\n")
        .containsPattern("auth.mode +token +" + folder + "/t.yaml:2\n")
        .containsPattern("limits.body +1MiB +default\n");
  }

  @Test
  void machinesGetJson() throws IOException {
    assertThat(print("--format", "json", "--log-level", "error")).isZero();
    JsonNode shown = JsonMapper.shared().readTree(out.toString());
    assertThat(shown.get("log.level").get("value").asString()).isEqualTo("error");
    assertThat(shown.get("log.level").get("source").asString()).isEqualTo("--log-level");
    assertThat(shown).hasSize(Keys.all().size());
  }

  @Test
  void nothingOfTheAddressOfADatabaseIsShown() throws IOException {
    String url =
        "jdbc:postgresql://db.example:5433/ledger?user=ann&password=hush&sslkey=/etc/troth.key";
    for (String[] way :
        new String[][] {
          {"--store-url", url},
          {"--store-url", url, "--format", "json"},
          {"--store-url", "jdbc:postgresql://ann:hush@db.example:5433/ledger"},
          {"--store-url", "jdbc:postgresql:" + "ledger?user=ann&password=hush&port=hush"}
        }) {
      var _ = print(way);
    }
    assertThat(out.toString()).contains("store.url").contains("***");
    assertThat(out + err.toString())
        .doesNotContain("ann", "hush", "ledger", "db.example", "5433", "sslkey", "/etc/troth.key");
  }

  @Test
  void allErrorsAreListedAndNothingElse() throws IOException {
    Files.writeString(folder.resolve("t.yaml"), "limits:\n  body: x\n  idel: 5m\n");
    assertThat(print()).isEqualTo(ExitCode.USAGE);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines().toList())
        .containsExactly(
            "troth config print: 2 errors in the configuration",
            "  limits.body: is 'x' (%s/t.yaml:2), expected a size such as 64KiB or 1MiB, at most 1024GiB"
                .formatted(folder),
            "  limits.idel: unknown key (%s/t.yaml:3), did you mean limits.idle?"
                .formatted(folder));
  }

  @Test
  void theGuideListsEveryKeyAsItIs() throws IOException {
    String guide =
        Files.readString(Path.of(System.getProperty("troth.root"), "docs", "configuration.md"));
    List<String> rows =
        Keys.all().stream()
            .map(key ->
                "| `%s` | %s | %s |"
                    .formatted(
                        key.name(),
                        key.fallback().isEmpty() ? "" : "`" + key.fallback() + "`",
                        key.meaning()))
            .toList();
    assertThat(guide.lines().filter(line -> line.startsWith("| `")))
        .containsExactlyElementsOf(rows);
  }
}
