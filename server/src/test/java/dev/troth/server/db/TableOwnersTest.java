package dev.troth.server.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One package writes each table; who else reads it stands here. */
final class TableOwnersTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/troth/server");
  private static final Path MIGRATIONS = Path.of("src/main/resources/db/migration");

  /** Reads across packages, as {@code reader reads table}. */
  private static final Set<String> READS =
      Set.of(
          "delivery reads change",
          "delivery reads watch",
          "history reads slo_cursor",
          "inbox reads change",
          "inbox reads watch",
          "oncall reads member_group",
          "record reads subject",
          "trace reads slo_group");

  /** Tables that their migration fills, and nobody after it. */
  private static final Map<String, Set<String>> MADE = Map.of("change_epoch", Set.of("change"));

  private static final Pattern STEP =
      Pattern.compile(
          "(?i)(CREATE|DROP) TABLE (?:IF (?:NOT )?EXISTS )?(\\w+)|ALTER TABLE (\\w+) RENAME TO (\\w+)");
  private static final Pattern WRITE =
      Pattern.compile("\\b(?:INSERT INTO|REPLACE INTO|UPDATE|DELETE FROM) (\\w+)");
  private static final Pattern READ = Pattern.compile("\\b(?:FROM|JOIN) (\\w+)");

  private static Set<String> tables() throws IOException {
    Set<String> tables =
        new TreeSet<>(
            Set.of(
                "schema_history",
                "replica",
                "replica_turn",
                "replica_lease",
                "replica_news",
                "platform_secret"));
    try (Stream<Path> files = Files.list(MIGRATIONS)) {
      for (Path file : files.sorted().toList()) {
        Matcher step = STEP.matcher(Files.readString(file));
        while (step.find()) {
          if (step.group(1) == null) {
            tables.remove(step.group(3));
            tables.add(step.group(4));
          } else if (step.group(1).equalsIgnoreCase("CREATE")) {
            tables.add(step.group(2));
          } else {
            tables.remove(step.group(2));
          }
        }
      }
    }
    return tables;
  }

  /** The sources without comments, by package. */
  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new TreeMap<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        String text =
            Files.readString(file).replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("//.*", "");
        sources.merge(SOURCES.relativize(file.getParent()).toString(), text, String::concat);
      }
    }
    return sources;
  }

  private static Map<String, Set<String>> packages(Pattern statement) throws IOException {
    Set<String> tables = tables();
    Map<String, Set<String>> packages = new TreeMap<>();
    for (Map.Entry<String, String> source : sources().entrySet()) {
      Matcher matcher = statement.matcher(source.getValue());
      while (matcher.find()) {
        if (tables.contains(matcher.group(1))) {
          packages.computeIfAbsent(matcher.group(1), table -> new TreeSet<>()).add(source.getKey());
        }
      }
    }
    return packages;
  }

  private static Map<String, Set<String>> writers() throws IOException {
    Map<String, Set<String>> writers = packages(WRITE);
    assertThat(writers).doesNotContainKeys(MADE.keySet().toArray(String[]::new));
    writers.putAll(MADE);
    return writers;
  }

  @Test
  void onePackageWritesEachTable() throws IOException {
    Map<String, Set<String>> writers = writers();
    assertThat(writers.keySet()).isEqualTo(tables());
    assertThat(writers).allSatisfy((table, packages) -> assertThat(packages).as(table).hasSize(1));
  }

  @Test
  void readsAcrossPackagesStandInTheList() throws IOException {
    Map<String, Set<String>> writers = writers();
    Set<String> across = new TreeSet<>();
    packages(READ)
        .forEach((table, readers) ->
            readers.stream()
                .filter(reader -> !writers.getOrDefault(table, Set.of()).contains(reader))
                .forEach(reader -> across.add(reader + " reads " + table)));
    assertThat(across).isEqualTo(new TreeSet<>(READS));
  }
}
