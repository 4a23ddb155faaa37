package dev.troth.cli.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.Troth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of {@code docs/ci} do what they say. */
class CiTemplatesTest {
  private static final Path CI = Path.of(System.getProperty("troth.root"), "docs", "ci");
  private static final String ORDER =
      """
      contract: order
      version: %s
      owner: orders
      schema: {type: object, required: [%s], properties: {id: {type: string}, total: {type: number}}}
      """;

  @TempDir Path folder;

  private record Ended(int code, String output) {}

  @BeforeEach
  void prepare() throws IOException, InterruptedException {
    Path launcher = folder.resolve("troth");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Files.writeString(
        launcher,
        """
        #!/bin/sh
        exec '%s' -XX:TieredStopAtLevel=1 -cp '%s' dev.troth.cli.Troth "$@"
        """
            .formatted(java, System.getProperty("java.class.path")));
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
    Files.createDirectory(folder.resolve("repository"));
    assertThat(git("init", "--quiet").code()).isZero();
    Path hook = folder.resolve("repository/.git/hooks/pre-commit");
    Files.createDirectories(hook.getParent());
    Files.copy(CI.resolve("pre-commit"), hook);
    assertThat(hook.toFile().setExecutable(true)).isTrue();
  }

  private Ended git(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git", "-c", "user.name=a", "-c"));
    command.add("user.email=a@example.com");
    command.addAll(Arrays.asList(arguments));
    Path output = Files.createTempFile(folder, "git", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.resolve("repository").toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    builder.environment().put("TROTH", folder.resolve("troth").toString());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("git ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), Files.readString(output, UTF_8));
  }

  private Ended commit(String name, String text) throws IOException, InterruptedException {
    Files.writeString(folder.resolve("repository").resolve(name), text);
    assertThat(git("add", "--all").code()).isZero();
    return git("commit", "--quiet", "--message", "change " + name);
  }

  @Test
  void theHookLetsPassWhatBreaksNobodyAndShowsTheDocumentThatWouldBreak() throws Exception {
    String file = "or der.contract.yaml";
    assertThat(commit(file, ORDER.formatted("1", "id")).output()).contains("contract-version");
    assertThat(commit(file, ORDER.formatted("1.0.0", "id")).code()).isZero();
    assertThat(commit("README.md", "no contract").code()).isZero();
    Ended broken = commit(file, ORDER.formatted("1.1.0", "id, total"));
    assertThat(broken.code()).isNotZero();
    assertThat(broken.output())
        .contains("REFUTED", "a document that shows it: {\"id\":\"\"}", file + ":4:");
    assertThat(commit(file, ORDER.formatted("2.0.0", "id, total")).code()).isZero();
    assertThat(git("log", "--format=%s").output().lines()).hasSize(3);
  }

  @Test
  void theHookJudgesWhatIsCommittedNotWhatLiesBeside() throws Exception {
    String file = "order.contract.yaml";
    assertThat(commit(file, ORDER.formatted("1.0.0", "id")).code()).isZero();
    Path path = folder.resolve("repository").resolve(file);
    Files.writeString(path, ORDER.formatted("1.1.0", "id, total"));
    assertThat(git("add", "--all").code()).isZero();
    Files.writeString(path, ORDER.formatted("1.0.0", "id"));
    Ended staged = git("commit", "--quiet", "--message", "staged break");
    assertThat(staged.code()).isNotZero();
    assertThat(staged.output()).contains("REFUTED");
  }

  @Test
  void theHookMissesAContractThatIsGone() throws Exception {
    assertThat(commit("order.contract.yaml", ORDER.formatted("1.0.0", "id")).code()).isZero();
    assertThat(git("rm", "--quiet", "order.contract.yaml").code()).isZero();
    Ended gone = git("commit", "--quiet", "--message", "gone");
    assertThat(gone.code()).isNotZero();
    assertThat(gone.output()).contains("identity/removed");
  }

  @Test
  void theHookSeesABreakInASchemaBeside() throws Exception {
    Files.writeString(
        folder.resolve("repository/order.contract.yaml"),
        "contract: order\nversion: 1.0.0\nowner: orders\nschema: {$ref: parts/order.json}\n");
    Files.createDirectories(folder.resolve("repository/parts"));
    assertThat(commit("parts/order.json", "{\"type\": \"object\"}").code()).isZero();
    Ended broken = commit("parts/order.json", "{\"type\": \"object\", \"required\": [\"id\"]}");
    assertThat(broken.code()).isNotZero();
    assertThat(broken.output()).contains("REFUTED", "parts/order.json");
  }

  @Test
  void theWorkflowUsesTheActionBesideIt() throws IOException {
    String uses = "OWNER/troth/docs/ci@REF";
    assertThat(Files.readString(CI.resolve("github.yml"))).contains("- uses: " + uses);
    String action = Files.readString(CI.resolve("action.yml"));
    assertThat(action).contains(uses);
    String launcher = "$GITHUB_ACTION_PATH/../../troth";
    assertThat(action).contains(launcher);
    assertThat(CI.resolve(launcher.replace("$GITHUB_ACTION_PATH/", "")).normalize()).isExecutable();
  }

  @ParameterizedTest
  @ValueSource(strings = {"action.yml", "gitlab.yml", "maven.xml"})
  void theCommandsOfATemplateAreKnown(String name) throws IOException {
    String text = Files.readString(CI.resolve(name));
    List<String> commands =
        Pattern.compile("\\bcontract (?:lint|check)\\b[^<>\\n]*")
            .matcher(text)
            .results()
            .map(found -> found.group().replace("\"$MODE\"", "FULL").strip())
            .toList();
    assertThat(commands).isNotEmpty();
    for (String command : commands) {
      assertThat(Troth.commandLine().parseArgs(command.split(" ", -1)).errors())
          .as(command)
          .isEmpty();
    }
  }
}
