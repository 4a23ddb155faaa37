package dev.troth.cli.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.Main;
import dev.troth.server.Platform;
import dev.troth.server.config.Config;
import dev.troth.server.config.Inputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of {@code docs/ci}, run as they stand against a registry. */
class CiRegistryTest {
  private static final Path CI = Path.of(System.getProperty("troth.root"), "docs", "ci");
  private static final String ORDER =
      """
      contract: order
      version: %s
      owner: orders
      schema: {type: object, required: [%s], properties: {id: {type: string}, total: {type: number}}}
      """;
  private static final Pattern JENKINS = Pattern.compile("(?m)^ *sh '(.*)'$");

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private Platform platform;

  private String server = "";
  private Path work = Path.of("");

  private record Ended(int code, String output) {}

  @BeforeEach
  void start() throws Exception {
    platform =
        Main.start(
            Config.load(
                Inputs.flagsOnly(
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
                        "off"))),
            Clock.systemUTC());
    server = "http://127.0.0.1:" + platform.port("http").orElseThrow();
    work = Files.createDirectories(folder.resolve("work"));
    Files.createDirectories(work.resolve("contracts"));
    launcher(Files.createDirectories(work.resolve(".troth")).resolve("troth"));
    launcher(folder.resolve("troth"));
    Files.createDirectories(folder.resolve("docs/ci"));
    run(
        "git init -q -b main; git add contracts; git -c user.name=a -c user.email=a@b commit -q"
            + " --allow-empty -m first; git remote add origin .",
        Map.of());
  }

  private static void launcher(Path file) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Files.writeString(
        file,
        """
        #!/bin/sh
        exec '%s' -XX:TieredStopAtLevel=1 -cp '%s' dev.troth.cli.Troth "$@"
        """
            .formatted(java, System.getProperty("java.class.path")));
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private void order(String version, String required) throws IOException {
    Files.writeString(
        work.resolve("contracts/order.contract.yaml"), ORDER.formatted(version, required));
  }

  /** As the systems run it: the first command that fails ends it. */
  private Ended run(String script, Map<String, String> variables) throws Exception {
    Path output = Files.createTempFile(folder, "run", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-eo", "pipefail", "-c", script)
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    builder.environment().putAll(variables);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(script).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Ended(process.exitValue(), Files.readString(output, UTF_8));
  }

  /** Publishes, then shows that a break is found and not published. */
  private void holds(Script check, Script publish) throws Exception {
    order("1.0.0", "id");
    assertThat(check.run().code()).as("a first version").isZero();
    Ended first = publish.run();
    assertThat(first.code()).as(first.output()).isZero();
    assertThat(first.output()).contains("order-value: order 1.0.0 is registered");
    order("1.1.0", "id, total");
    Ended broken = check.run();
    assertThat(broken.code()).as(broken.output()).isEqualTo(1);
    assertThat(publish.run().code()).as("nobody publishes a break").isNotZero();
    order("2.0.0", "id, total");
    assertThat(check.run().code()).isZero();
    assertThat(publish.run().output()).contains("order 2.0.0 is registered");
  }

  private interface Script {
    Ended run() throws Exception;
  }

  @Test
  void theActionComparesWithTheRegistryAndPublishes() throws Exception {
    String action = Files.readString(CI.resolve("action.yml"));
    String script = action.substring(action.indexOf("run: |\n") + 7, action.indexOf("      env:"));
    Map<String, String> inputs =
        Map.of(
            "GITHUB_ACTION_PATH",
            folder.resolve("docs/ci").toString(),
            "CONTRACTS",
            "contracts",
            "AGAINST",
            "",
            "BASE",
            "main",
            "MODE",
            "FULL",
            "SERVER",
            server,
            "PUBLISH",
            "false");
    for (String name : List.of("CONTRACTS", "AGAINST", "BASE", "MODE", "SERVER", "PUBLISH")) {
      assertThat(action).contains("        " + name + ": ${{ ");
    }
    Map<String, String> publishing = new java.util.HashMap<>(inputs);
    publishing.put("PUBLISH", "true");
    holds(() -> run(script, inputs), () -> run(script, publishing));
  }

  @Test
  void theJobsOfGitlabCompareWithTheRegistryAndPublish() throws Exception {
    List<String> scripts = new ArrayList<>();
    for (String job : Files.readString(CI.resolve("gitlab.yml")).split("  script:\n", -1)) {
      StringBuilder script = new StringBuilder();
      for (String line : job.lines().takeWhile(one -> one.startsWith("    - ")).toList()) {
        script.append(line.substring(6)).append('\n');
      }
      scripts.add(script.toString());
    }
    assertThat(scripts).hasSize(3);
    Map<String, String> variables =
        Map.of("TROTH_SERVER", server, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main");
    holds(() -> run(scripts.get(1), variables), () -> run(scripts.get(2), variables));
    assertThat(Files.readString(work.resolve("gl-code-quality-report.json"))).startsWith("[");
  }

  @Test
  void theStagesOfJenkinsCompareWithTheRegistryAndPublish() throws Exception {
    List<String> scripts =
        JENKINS
            .matcher(Files.readString(CI.resolve("Jenkinsfile")))
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(scripts).hasSize(2);
    Map<String, String> variables = Map.of("TROTH_SERVER", server);
    holds(() -> run(scripts.get(0), variables), () -> run(scripts.get(1), variables));
    assertThat(Files.readString(work.resolve("contracts.xml"))).contains("<testsuite");
  }

  @Test
  void theHookComparesTheIndexWithWhatIsPublished() throws Exception {
    String hook = Files.readString(CI.resolve("pre-commit"));
    Map<String, String> variables =
        Map.of("TROTH", work.resolve(".troth/troth").toString(), "TROTH_SERVER", server);
    order("1.0.0", "id");
    String publish =
        ".troth/troth contract publish --server %s contracts/order.contract.yaml".formatted(server);
    assertThat(run(publish, Map.of()).code()).isZero();
    // The last commit knows no contract, the registry does.
    order("1.1.0", "id, total");
    run("git add contracts", Map.of());
    order("1.1.0", "id");
    Ended refused = run(hook, variables);
    assertThat(refused.code()).as(refused.output()).isEqualTo(1);
    assertThat(refused.output()).contains("REFUTED");
    run("git add contracts", Map.of());
    Ended passed = run(hook, variables);
    assertThat(passed.code()).as(passed.output()).isZero();
    Matcher alone = Pattern.compile("TROTH_SERVER").matcher(hook);
    assertThat(alone.find()).isTrue();
    assertThat(run(hook, Map.of("TROTH", work.resolve(".troth/troth").toString())).code())
        .as("without a registry")
        .isZero();
  }
}
