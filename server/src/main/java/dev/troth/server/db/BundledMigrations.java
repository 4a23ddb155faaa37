package dev.troth.server.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** The steps in a folder of the jar, or folder of classes, that holds this class. */
final class BundledMigrations {
  private BundledMigrations() {}

  static List<Migration> list(String folder) {
    try {
      Path home =
          Path.of(
              BundledMigrations.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Files.isDirectory(home) ? inFolder(home.resolve(folder)) : inJar(home, folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the bundled schema steps", e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("cannot find the bundled schema steps", e);
    }
  }

  private static List<Migration> inFolder(Path folder) throws IOException {
    List<Migration> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        found.add(Migration.of(file.getFileName().toString(), Files.readString(file)));
      }
    }
    return found;
  }

  private static List<Migration> inJar(Path jar, String folder) throws IOException {
    List<Migration> found = new ArrayList<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      for (ZipEntry entry : file.stream().toList()) {
        if (entry.getName().startsWith(folder) && !entry.isDirectory()) {
          byte[] text = file.getInputStream(entry).readAllBytes();
          String name = entry.getName().substring(folder.length());
          found.add(Migration.of(name, new String(text, StandardCharsets.UTF_8)));
        }
      }
    }
    return found;
  }
}
