package dev.troth.slo.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.json.file.YamlWriter;
import dev.troth.slo.lint.SloLint;
import dev.troth.testkit.Suites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** All public files of OpenSLO and Sloth are accepted, imported, or refused with a reason. */
final class PublicObjectivesTest {
  /** What must become of each file of a suite, from {@code public.txt}: {@code file | outcome}. */
  private static Map<String, String> expected(String suite) throws IOException {
    Map<String, String> expected = new TreeMap<>();
    for (String line :
        Files.readString(Path.of("src/test/resources/files/public.txt")).lines().toList()) {
      if (line.startsWith(suite + "/")) {
        String[] columns = line.split("\\s*\\|\\s*", 2);
        expected.put(columns[0], columns[1].strip());
      }
    }
    return expected;
  }

  private static Map<String, String> outcomes(String suite) throws IOException {
    Path folder = Suites.require(suite);
    Map<String, String> outcomes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.toString().matches(".*\\.ya?ml")).sorted().toList()) {
        String name = suite + "/" + folder.relativize(file);
        outcomes.put(name, outcome(name, Files.readString(file)));
      }
    }
    return outcomes;
  }

  private static String outcome(String name, String text) {
    SloLint.Report lint = SloLint.check(Map.of(name, text));
    if (!lint.rules().isEmpty()) {
      return "rules, linted";
    }
    if (lint.loaded().problems().isEmpty()) {
      return lint.loaded().objectives().stream()
          .map(objective -> objective.measure().toString())
          .distinct()
          .collect(Collectors.joining("; ", "accepted, ", ""));
    }
    SlothImport.Imported imported = SlothImport.read(name, text);
    if (imported.documents().isEmpty()
        && !text.contains("sloth")
        && !text.contains("prometheus/v1")) {
      return "refused: " + lint.loaded().problems().getFirst().message();
    }
    String written =
        imported.documents().stream().map(YamlWriter::write).collect(Collectors.joining("---\n"));
    if (!written.isEmpty()) {
      Loaded loaded = ObjectiveFiles.read(Map.of("imported.yaml", written));
      assertThat(loaded.problems()).as(name).isEmpty();
      assertThat(loaded.objectives()).hasSameSizeAs(imported.documents());
      assertThat(loaded.details().values()).allMatch(detail -> detail.queries().isPresent());
    }
    String refused =
        imported.refused().stream().map(FileError::message).collect(Collectors.joining("; "));
    return "imported %d%s"
        .formatted(imported.documents().size(), refused.isEmpty() ? "" : ", refused: " + refused);
  }

  @Test
  void eachFileOfOpenSloHasItsOutcome() throws IOException {
    assertThat(outcomes("openslo")).isEqualTo(expected("openslo"));
  }

  @Test
  void eachFileOfSlothHasItsOutcome() throws IOException {
    assertThat(outcomes("sloth")).isEqualTo(expected("sloth"));
  }
}
