package dev.troth.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The libraries take clocks, randomness, sockets and files as arguments. Who reaches for them all
 * the same stands in {@code outside-world.txt} with the reason; the list can only shrink.
 */
class OutsideWorldTest {
  private static final List<String> LIBRARIES =
      List.of("json", "cel", "contracts", "slo", "gate", "observe", "watch");

  /** Types of which any construction or static call reaches outside. */
  private static final Set<String> OUTSIDE =
      Set.of(
          "java.nio.file.Files",
          "java.io.FileInputStream",
          "java.io.FileOutputStream",
          "java.io.FileReader",
          "java.io.RandomAccessFile",
          "java.net.Socket",
          "java.net.ServerSocket",
          "java.net.DatagramSocket",
          "java.util.Random",
          "java.security.SecureRandom",
          "java.util.concurrent.ThreadLocalRandom");

  /** Calls by type and name. */
  private static final Set<String> CALLS =
      Set.of(
          "java.lang.System.currentTimeMillis",
          "java.lang.System.nanoTime",
          "java.lang.System.getenv",
          "java.lang.Math.random",
          "java.util.UUID.randomUUID",
          "java.time.Clock.systemUTC",
          "java.time.Clock.systemDefaultZone",
          "java.time.InstantSource.system",
          "java.time.Instant.now",
          "java.time.LocalDate.now",
          "java.time.LocalDateTime.now",
          "java.time.OffsetDateTime.now",
          "java.time.ZonedDateTime.now",
          "java.nio.channels.SocketChannel.open",
          "java.nio.channels.ServerSocketChannel.open",
          "java.nio.channels.FileChannel.open",
          "java.net.http.HttpClient.newHttpClient",
          "java.net.http.HttpClient.newBuilder");

  @Test
  void aLibraryTakesClocksRandomnessSocketsAndFilesAsArguments() throws IOException {
    Map<String, Set<String>> found = new TreeMap<>();
    new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .importPackages(LIBRARIES.stream().map(name -> "dev.troth." + name).toList())
        .forEach(type -> look(type, found));
    Map<String, String> listed = exceptions();
    Map<String, Set<String>> unlisted = new TreeMap<>(found);
    Set<String> needless = new TreeSet<>(listed.keySet());
    listed
        .keySet()
        .forEach(name -> {
          if (unlisted.keySet().removeIf(type -> covers(name, type))) {
            needless.remove(name);
          }
        });
    assertThat(unlisted).as("classes that reach outside and are not listed").isEmpty();
    assertThat(needless).as("listed classes that no longer reach outside").isEmpty();
  }

  /** A name that ends in {@code ..} is a package with all below it. */
  private static boolean covers(String name, String type) {
    return name.endsWith("..")
        ? type.startsWith(name.substring(0, name.length() - 1))
        : type.equals(name);
  }

  private static void look(JavaClass type, Map<String, Set<String>> found) {
    for (JavaCodeUnit unit : type.getCodeUnits()) {
      unit.getCallsFromSelf()
          .forEach(call -> {
            CodeUnitCallTarget target = call.getTarget();
            String owner = target.getOwner().getName();
            String name = owner + "." + target.getName();
            // Instant.now(clock) and new Random(seed) take what they need.
            boolean given =
                (name.endsWith(".now") || owner.equals("java.util.Random"))
                    && !target.getRawParameterTypes().isEmpty();
            boolean outside =
                CALLS.contains(name)
                    || (OUTSIDE.contains(owner)
                        && (owner.equals("java.nio.file.Files")
                            || target.getName().equals("<init>")
                            || target.getName().equals("current")));
            if (outside && !given) {
              found.computeIfAbsent(outermost(type).getName(), any -> new TreeSet<>()).add(name);
            }
          });
    }
  }

  private static JavaClass outermost(JavaClass type) {
    JavaClass outer = type;
    while (outer.getEnclosingClass().isPresent()) {
      outer = outer.getEnclosingClass().get();
    }
    return outer;
  }

  /** Class to reason; a line without a reason is refused. */
  private static Map<String, String> exceptions() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(OutsideWorldTest.class.getResourceAsStream("/outside-world.txt"))) {
      Map<String, String> listed = new TreeMap<>();
      List<String> wrong = new ArrayList<>();
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        String[] parts = line.split(": ", 2);
        if (parts.length < 2 || listed.put(parts[0], parts[1]) != null) {
          wrong.add(line);
        }
      }
      assertThat(wrong).as("lines that are not 'class: reason', once each").isEmpty();
      return listed;
    }
  }
}
