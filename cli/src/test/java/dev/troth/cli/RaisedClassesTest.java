package dev.troth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** picocli's classes as the launcher runs them: in a format that the start-up cache can hold. */
final class RaisedClassesTest {
  @TempDir private Path folder;

  @Test
  void every_class_is_raised_and_passes_the_verifier() throws Exception {
    Path original =
        Path.of(CommandLine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path jar = Files.copy(original, folder.resolve("picocli.jar"));
    assertThat(raise(jar)).matches("picocli.jar: \\d{3} classes raised");
    List<String> classes = classes(jar);
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      for (String name : classes) {
        // To initialize a class it must have been verified.
        assertThat(Class.forName(name, true, loader).getName()).isEqualTo(name);
      }
    }
    assertThat(raise(jar)).isEqualTo("picocli.jar: 0 classes raised");
  }

  private static String raise(Path jar) throws Exception {
    Path tool =
        Path.of(System.getProperty("troth.root", ".."), "cli/tools/RaiseClassVersions.java");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                tool.toString(),
                jar.toString())
            .redirectErrorStream(true)
            .start();
    try (InputStream output = process.getInputStream()) {
      String printed = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
      assertThat(process.waitFor()).as(printed).isZero();
      return printed;
    }
  }

  private static List<String> classes(Path file) throws Exception {
    try (JarFile jar = new JarFile(file.toFile());
        Stream<JarEntry> entries = jar.stream()) {
      List<JarEntry> classes =
          entries
              .filter(entry -> entry.getName().endsWith(".class"))
              .filter(entry -> !entry.getName().endsWith("module-info.class"))
              .toList();
      for (JarEntry entry : classes) {
        int version = ClassFile.of().parse(jar.getInputStream(entry).readAllBytes()).majorVersion();
        assertThat(version).as(entry.getName()).isGreaterThanOrEqualTo(ClassFile.JAVA_6_VERSION);
      }
      return classes.stream()
          .map(entry -> entry.getName().replace('/', '.').replaceFirst("\\.class$", ""))
          .toList();
    }
  }
}
