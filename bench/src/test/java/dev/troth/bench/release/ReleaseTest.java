package dev.troth.bench.release;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parts of a release that need no release to be made: its launcher and its units. */
class ReleaseTest {
  private static final Path ROOT = Path.of(System.getProperty("troth.root", ".."));

  @TempDir Path folder;
  private Path home;

  /** A release whose Java says what it was given. */
  @BeforeEach
  void release() throws IOException {
    home = folder.resolve("a release");
    Files.createDirectories(home.resolve("app"));
    Files.createDirectories(home.resolve("runtime/bin"));
    Files.copy(ROOT.resolve(".mvn/flags"), home.resolve("app/flags"));
    Files.copy(ROOT.resolve("packaging/troth"), home.resolve("troth"));
    Path java = home.resolve("runtime/bin/java");
    Files.writeString(
        java,
        "#!/bin/sh\nfor one in \"$@\"; do echo \"[$one]\"; done\necho \"$LC_ALL $MALLOC_ARENA_MAX\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    assertThat(home.resolve("troth").toFile().setExecutable(true)).isTrue();
  }

  private record Ran(int status, String out) {}

  private static Ran run(Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      String out = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return new Ran(process.exitValue(), out);
    } finally {
      process.destroyForcibly();
    }
  }

  private Ran troth(String... arguments) throws IOException, InterruptedException {
    Path link = folder.resolve("link");
    if (!Files.exists(link)) {
      Files.createSymbolicLink(link, Path.of("a release/troth"));
    }
    List<String> command = new ArrayList<>(List.of(link.toString()));
    command.addAll(List.of(arguments));
    return run(Map.of("TROTH_JAVA_OPTS", "-Da=1 -Db=2"), command);
  }

  @Test
  void aCommandRunsOnTheReleasesOwnJavaWithItsFlagsAndItsCache() throws Exception {
    Ran ran = troth("up", "--data", "two words");
    assertThat(ran.status()).isZero();
    assertThat(ran.out())
        .contains("[-Xmx256m]", "[-XX:+UseSerialGC]", "[-Da=1]\n[-Db=2]")
        .contains("[-XX:AOTCache=" + home + "/app/aot/up.aot]")
        .contains("[-Dtroth.home=" + home + "]")
        .endsWith("[-jar]\n[" + home + "/app/troth.jar]\n[up]\n[--data]\n[two words]\nC.UTF-8 \n");
  }

  @Test
  void theRowOfTwoWordsCountsThenThatOfOneThenTheDefault() throws Exception {
    assertThat(troth("gate", "run").out()).contains("[-Xmx64m]", "/app/aot/gate.aot]");
    assertThat(troth("gate", "verify").out()).contains("[-Xmx1g]", "/app/aot/cli.aot]");
    assertThat(troth("--version").out()).contains("[-Xmx256m]", "/app/aot/cli.aot]");
    assertThat(troth("observe", "run").out()).contains("/app/aot/observe.aot]", "C.UTF-8 1\n");
  }

  /** Only commands have caches: Java says a lot about one that is not there. */
  @Test
  void aWordThatIsARowButNoCommandGetsTheDefault() throws Exception {
    for (String word : List.of("all", "service", "#", "")) {
      assertThat(troth(word).out())
          .contains("[-Xmx256m]", "/app/aot/cli.aot]", "[-XX:+UseSerialGC]")
          .doesNotContain("[-Xmx96m]");
      Ran checkout =
          run(
              Map.of("WORD", word),
              List.of(
                  "bash",
                  "-uc",
                  ". '%s'; read_flags \"$WORD\"; echo \"$TROTH_CACHE ${TROTH_FLAGS[*]}\""
                      .formatted(ROOT.resolve(".mvn/flags.sh").toAbsolutePath().normalize())));
      assertThat(checkout.out()).startsWith("cli -XX:+UseSerialGC ").contains("-Xmx256m");
    }
  }

  @Test
  void aFolderWithAColonIsRefusedBeforeJavaMisreadsIt() throws Exception {
    Path moved = Files.move(home, folder.resolve("x:y"));
    Ran ran = run(Map.of(), List.of(moved.resolve("troth").toString(), "up"));
    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.out())
        .isEqualTo(
            "troth: this release lies in '%s', expected a folder without a colon, at which Java parts its paths\n"
                .formatted(moved));
  }

  @Test
  void withTooFewFilesItSaysSoBeforeJavaCannot() throws Exception {
    Ran ran = run(Map.of(), List.of("sh", "-c", "ulimit -n 100; exec \"$0\" up", home + "/troth"));
    assertThat(ran.status()).isEqualTo(3);
    assertThat(ran.out()).contains("may open 100 files, expected at least 256");
  }

  @Test
  void unitsAreSuchAsSystemdReads() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/systemd-analyze")),
        "systemd-analyze is not installed");
    List<String> command = new ArrayList<>(List.of("/usr/bin/systemd-analyze", "verify"));
    try (Stream<Path> units = Files.list(ROOT.resolve("packaging/systemd"))) {
      for (Path unit : units.filter(path -> path.toString().endsWith(".service")).toList()) {
        Path copy = folder.resolve(unit.getFileName().toString());
        Files.writeString(copy, Files.readString(unit).replace("/opt/troth/troth", "/bin/true"));
        command.add(copy.toString());
      }
    }
    assertThat(command).hasSize(4);
    Ran ran = run(Map.of(), command);
    assertThat(ran.out().lines().filter(line -> line.contains("troth"))).isEmpty();
  }
}
