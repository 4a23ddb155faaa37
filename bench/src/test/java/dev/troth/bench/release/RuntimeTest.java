package dev.troth.bench.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java runtime of a release, linked as packaging/release.sh does, of one module. */
class RuntimeTest {
  private static final Path SCRIPT =
      Path.of(System.getProperty("troth.root", "..")).resolve("packaging/runtime.sh");

  @TempDir Path folder;

  private Shell.Ran link(Path jdk) throws Exception {
    return Shell.run(
        folder,
        Map.of(),
        List.of(
            "bash",
            SCRIPT.toAbsolutePath().normalize().toString(),
            jdk.toString(),
            folder.resolve("runtime").toString(),
            "java.base"));
  }

  /**
   * The trial compares this version with what the command prints, the bill of materials names it.
   */
  @Test
  void aLinkedRuntimeNamesTheVersionItPrintsAndWhoBuiltIt() throws Exception {
    Path jdk = Path.of(System.getProperty("java.home"));
    assumeTrue(Files.isExecutable(jdk.resolve("bin/jlink")), "jlink is not installed");

    Shell.Ran ran = link(jdk);

    assertThat(ran.status()).as(ran.out()).isZero();
    assertThat(Files.readAllLines(folder.resolve("runtime/release")))
        .contains(
            "JAVA_RUNTIME_VERSION=\"" + Runtime.version() + "\"",
            "IMPLEMENTOR=\"" + System.getProperty("java.vendor") + "\"",
            "MODULES=\"java.base\"");
  }

  @Test
  void aJdkThatDoesNotSayItsVersionIsRefused() throws Exception {
    Path jdk = Files.createDirectories(folder.resolve("jdk"));
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25\"\n");

    Shell.Ran ran = link(jdk);

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.out())
        .isEqualTo(
            "runtime: "
                + jdk
                + "/release has no JAVA_RUNTIME_VERSION, expected that of a JDK 25\n");
  }
}
