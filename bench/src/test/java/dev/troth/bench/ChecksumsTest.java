package dev.troth.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every library that the rooms use is the one whose checksum stands in {@code .mvn/checksums}. */
class ChecksumsTest {
  private static final Path LIST = Path.of("..", ".mvn", "checksums");

  @Test
  void everyJarOnTheClassPathIsListedWithItsChecksum() throws Exception {
    Map<String, String> listed = listed();
    List<String> wrong = new ArrayList<>();
    int jars = 0;
    for (String entry : classPath().split(File.pathSeparator)) {
      Path jar = Path.of(entry);
      if (!entry.endsWith(".jar") || jar.toString().contains("surefire") || isOurs(jar)) {
        continue;
      }
      jars++;
      String sum = listed.get(jar.getFileName().toString());
      if (!sha256(jar).equals(sum)) {
        wrong.add(jar.getFileName() + " (" + (sum == null ? "not listed" : "other bytes") + ")");
      }
    }
    assertThat(jars).as("jars on the class path").isGreaterThan(50);
    assertThat(wrong).as("after a change of versions run ./build checksums").isEmpty();
  }

  /** A jar that this build makes. */
  private static boolean isOurs(Path jar) {
    return jar.toString().contains(File.separator + "target" + File.separator);
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private static Map<String, String> listed() throws IOException {
    Map<String, String> sums = new HashMap<>();
    for (String line : Files.readAllLines(LIST)) {
      sums.put(line.substring(line.lastIndexOf('/') + 1), line.substring(0, line.indexOf(' ')));
    }
    return sums;
  }

  private static String sha256(Path file) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }
}
