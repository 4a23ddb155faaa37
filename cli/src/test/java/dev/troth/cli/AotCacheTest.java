package dev.troth.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A jar that was replaced under its cache: the new code runs, never the old. */
class AotCacheTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void aReplacedJarRunsItsNewCode() throws Exception {
    Path dist = folder.resolve("dist");
    Files.createDirectories(dist.resolve("lib"));
    jar(dist.resolve("troth.jar"), 1);
    jar(dist.resolve("lib/other.jar"), 0);
    assertThat(cache(dist)).isZero();
    assertThat(run(dist)).isEqualTo("1");
    jar(dist.resolve("troth.jar"), 2);
    assertThat(cache(dist)).isZero();
    assertThat(run(dist)).isEqualTo("2");
  }

  private static int cache(Path dist) throws Exception {
    Path script = Path.of(System.getProperty("troth.root", ".."), ".mvn/aot.sh");
    Process process =
        new ProcessBuilder(
                "bash", script.toString(), System.getProperty("java.home"), dist.toString(), "cli")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor();
  }

  private static String run(Path dist) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:AOTCache=" + dist.resolve("aot/cli.aot"),
                "-jar",
                dist.resolve("troth.jar").toString())
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    assertThat(process.waitFor()).isZero();
    return output;
  }

  /** A jar whose program prints a number; its size does not depend on it. */
  private void jar(Path jar, int number) throws IOException {
    Path source = folder.resolve("Main.java");
    Files.writeString(
        source,
        "public class Main { public static void main(String[] a) { System.out.println(%d); } }"
            .formatted(number));
    ToolProvider.getSystemJavaCompiler()
        .run(null, null, null, "-proc:none", "-d", folder.toString(), source.toString());
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "Main");
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, "lib/other.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      out.putNextEntry(new ZipEntry("Main.class"));
      out.write(Files.readAllBytes(folder.resolve("Main.class")));
    }
  }
}
