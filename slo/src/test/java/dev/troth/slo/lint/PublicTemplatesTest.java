package dev.troth.slo.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Templates that teams have published. */
final class PublicTemplatesTest {
  /**
   * Every finding was read and held against its template. Each of the 28 alarms sums 5xx, Lambda
   * errors or DynamoDB faults against a fixed number. {@code state/dynamodb.yaml} asks for {@code
   * UserErrors} by table, and for {@code ThrottledRequests} and {@code SystemErrors} without the
   * operation: none of the three ever has data.
   */
  private static final Map<String, Integer> READ =
      Map.of("alarm/raw-errors", 28, "metric/dimensions", 3);

  @Test
  void everyPublicTemplateIsLinted() throws IOException {
    Path folder =
        Path.of(Optional.ofNullable(System.getenv("TROTH_SUITES")).orElse(""), "cloudformation");
    assumeTrue(Files.isDirectory(folder), "the public templates are not there: set TROTH_SUITES");
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files =
          all.filter(f -> f.toString().matches(".*\\.(yaml|yml|json|template)")).sorted().toList();
    }
    Map<String, Integer> rules = new TreeMap<>();
    int templates = 0;
    for (Path file : files) {
      String name = folder.relativize(file).toString();
      SloLint.Report report = SloLint.check(Map.of(name, Files.readString(file)));
      report.findings().forEach(finding -> rules.merge(finding.rule(), 1, Integer::sum));
      templates += report.templates().size();
    }
    assertThat(files).hasSizeGreaterThan(360);
    assertThat(templates).isGreaterThan(350);
    assertThat(rules).isEqualTo(READ);
  }
}
