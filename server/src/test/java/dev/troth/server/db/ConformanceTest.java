package dev.troth.server.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every store has a test that runs on both engines; the list of them stands in a file. */
final class ConformanceTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/troth/server");
  private static final Path TESTS = Path.of("src/test/java");
  private static final Pattern STORE = Pattern.compile("(\\w*Store|SqliteChangeLog)\\.java");
  private static final Pattern INCLUDE = Pattern.compile("<include>\\*\\*/(\\w+)\\.java</include>");

  private static Map<String, String> list() throws IOException {
    Map<String, String> list = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("src/test/resources/conformance.txt"))) {
      if (!line.startsWith("#")) {
        String[] words = line.split("\\s+", 2);
        assertThat(list.put(words[0], words[1].strip())).as(words[0]).isNull();
      }
    }
    return list;
  }

  private static Set<String> stores() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      Set<String> stores = new TreeSet<>();
      files
          .filter(file -> STORE.matcher(file.getFileName().toString()).matches())
          .map(file ->
              SOURCES.relativize(file).toString().replace('/', '.').replaceFirst("\\.java$", ""))
          .forEach(stores::add);
      return stores;
    }
  }

  private static Set<String> onPostgresql() throws IOException {
    Set<String> tests = new HashSet<>();
    Matcher include = INCLUDE.matcher(Files.readString(Path.of("pom.xml")));
    while (include.find()) {
      tests.add(include.group(1));
    }
    return tests;
  }

  @Test
  void everyStoreIsInTheList() throws IOException {
    assertThat(list().keySet()).isEqualTo(stores());
  }

  @Test
  void theTestsOfTheListAreThereAndRunOnPostgresqlToo() throws IOException {
    Set<String> twice = onPostgresql();
    assertThat(twice).isNotEmpty();
    Set<String> there = new HashSet<>();
    try (Stream<Path> files = Files.walk(TESTS)) {
      files.forEach(file -> there.add(file.getFileName().toString()));
    }
    list()
        .forEach((store, test) -> {
          if (test.startsWith("only ")) {
            assertThat(test).as(store).hasSizeGreaterThan(15);
          } else {
            assertThat(there).as(store).contains(test + ".java");
            assertThat(twice).as(store).contains(test);
          }
        });
  }
}
