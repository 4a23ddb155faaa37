package dev.troth.server.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** The steps in a folder of the jar, or folder of classes, that holds a class. */
final class BundledMigrations {
  private static final int PRINT_BYTES = 4;

  private BundledMigrations() {}

  /**
   * @param folder where the steps are in the jar, without a slash at its end
   */
  static List<Migration> of(Class<?> owner, String folder) {
    try {
      // Not by the class's own place: one that comes from a cache which was moved has none.
      URL found = owner.getResource("/" + folder);
      if (found == null) {
        throw new IllegalStateException("there are no bundled schema steps in " + folder);
      }
      if (found.openConnection() instanceof JarURLConnection packed) {
        return inJar(Path.of(packed.getJarFileURL().toURI()), folder + "/");
      }
      return inFolder(Path.of(found.toURI()));
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

  /**
   * {@code 291-5f0c1d2e}: the last step and a print of all, the same in all programs with the same
   * steps of the schema.
   */
  static String print(String folder) {
    List<Migration> steps = of(BundledMigrations.class, folder).stream().sorted().toList();
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Migration step : steps) {
        digest.update((step.version() + step.checksum()).getBytes(StandardCharsets.US_ASCII));
      }
      return "%d-%s"
          .formatted(
              steps.getLast().version(), HexFormat.of().formatHex(digest.digest(), 0, PRINT_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
