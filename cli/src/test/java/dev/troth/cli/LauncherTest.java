package dev.troth.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher of a build without the sandbox's module, with a Maven that only takes notes. */
class LauncherTest {
  @TempDir private Path root = Path.of("");

  @BeforeEach
  void aBuildWithoutTheModule() throws IOException {
    Path project = Path.of(System.getProperty("troth.root", ".."));
    Files.createDirectories(root.resolve(".mvn"));
    Files.copy(project.resolve("troth"), root.resolve("troth"), StandardCopyOption.COPY_ATTRIBUTES);
    try (Stream<Path> scripts = Files.list(project.resolve(".mvn"))) {
      scripts
          .filter(Files::isRegularFile)
          .forEach(script -> copy(script, root.resolve(".mvn").resolve(script.getFileName())));
    }
    Files.writeString(root.resolve("pom.xml"), "<project/>");
    Path dist = root.resolve("cli/target/troth");
    Files.createDirectories(dist.resolve("lib"));
    Files.writeString(dist.resolve("lib/gate-native-0.1.0.jar"), "no module");
    Files.writeString(dist.resolve("troth.jar"), "no program");
    Files.writeString(dist.resolve("built"), "");
    Path maven = Files.createDirectories(root.resolve("bin")).resolve("mvn");
    Files.writeString(
        maven,
        """
        #!/bin/sh
        echo "$@" > %s
        echo '[INFO] Building gate-native 0.1.0                                      [8/14]'
        echo '[ERROR] gate/native: node is not on PATH'
        exit 1
        """
            .formatted(root.resolve("asked")));
    assertThat(maven.toFile().setExecutable(true)).isTrue();
  }

  private static void copy(Path from, Path to) {
    try {
      Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("bash", root.resolve("troth").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().merge("PATH", root.resolve("bin") + ":", (path, bin) -> bin + path);
    Process process = builder.start();
    String words = new String(process.getInputStream().readAllBytes(), UTF_8);
    return process.waitFor() + " " + words;
  }

  @Test
  void sandboxOnBuildsTheModuleRoomByRoomOrSaysWhatIsMissing() throws Exception {
    for (List<String> option : List.of(List.of("--sandbox", "on"), List.of("--sandbox=on"))) {
      List<String> arguments = new ArrayList<>(List.of("gate", "run"));
      arguments.addAll(option);
      assertThat(run(arguments.toArray(new String[0])))
          .startsWith("3 troth: building the sandbox's module")
          .contains("troth: building gate-native (8 of 14)")
          .contains("node is not on PATH");
      assertThat(root.resolve("asked")).content().contains("-Pnative");
      Files.delete(root.resolve("asked"));
    }
  }

  @Test
  void nothingIsBuiltForWhoDoesNotAskForIt() throws Exception {
    run("gate", "run");
    run("gate", "run", "--sandbox", "off");
    assertThat(root.resolve("asked")).doesNotExist();
  }
}
