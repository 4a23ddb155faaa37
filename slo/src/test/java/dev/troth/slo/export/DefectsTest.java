package dev.troth.slo.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.json.file.YamlWriter;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.file.ObjectiveFiles;
import dev.troth.slo.lint.Finding;
import dev.troth.slo.lint.SloLint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the service would refuse of an exported template, lint refuses by name. */
final class DefectsTest {
  /** One line of {@code defects.txt}. */
  record Defect(String rule, String says, String from, String to) {}

  static Stream<Defect> defects() throws IOException {
    return Files.readAllLines(Path.of("src/test/resources/dev/troth/slo/lint/defects.txt")).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> {
          String[] columns = line.split(" \\| ", 3);
          String[] edit = columns[2].replace("\\n", "\n").split(" => ", 2);
          return new Defect(columns[0], columns[1], edit[0], edit[1]);
        });
  }

  private static String template() throws RefusedException {
    Loaded loaded = ObjectiveFiles.read(Map.of("o.yaml", CloudFormationExportTest.ORDERS));
    return YamlWriter.write(CloudFormationExport.of(loaded, Optional.empty(), false).template());
  }

  private static List<Finding> findings(String template) {
    return SloLint.check(Map.of("t.yaml", template)).findings();
  }

  @ParameterizedTest
  @MethodSource("defects")
  void eachDefectIsRefusedByNameAndPlace(Defect defect) throws RefusedException {
    String right = template();
    assertThat(findings(right)).isEmpty();
    assertThat(right).contains(defect.from());
    int changed = right.indexOf(defect.from());
    String wrong =
        right.replaceFirst(Pattern.quote(defect.from()), Matcher.quoteReplacement(defect.to()));
    assertThat(findings(wrong))
        .as("at line %d", right.substring(0, changed).lines().count())
        .anySatisfy(finding -> {
          assertThat(finding.rule()).isEqualTo(defect.rule());
          assertThat(finding.message()).contains(defect.says());
          assertThat(finding.error()).isTrue();
          assertThat(finding.place().line()).isPositive();
        });
  }

  @Test
  void thereAreTwentyOfThemAtLeast() throws IOException {
    assertThat(defects().distinct().count()).isGreaterThanOrEqualTo(20);
  }
}
