package dev.troth.slo.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every mistake in every format that can express it: a table of mistakes and formats. */
final class FormatsTest {
  /** What Terraform has resolved before it writes a plan. */
  private static final Set<String> RESOLVED =
      Set.of("template/type", "template/intrinsic", "template/reference", "template/property");

  enum Format {
    JSON,
    BARE_MAP,
    CDK,
    TERRAFORM;

    String write(String yaml) {
      return switch (this) {
        case JSON -> JsonWriter.pretty(OtherFormats.json(yaml));
        case BARE_MAP -> OtherFormats.bareMap(yaml);
        case CDK -> OtherFormats.cdk(yaml);
        case TERRAFORM -> OtherFormats.terraform(yaml);
      };
    }

    /** What a format has no words for, or refuses by itself. */
    boolean expresses(String from, String to, List<String> rules) {
      return switch (this) {
        case JSON -> true;
        // Conditions stand outside of the resources.
        case BARE_MAP -> !from.startsWith("!Not") && !rules.contains("template/reference");
        // Its texts are joins, with no map of their own.
        case CDK -> true;
        // No types left out, no functions left over, no order to get wrong; a reference to
        // nothing stops the plan; data are returned by whoever says so alone.
        case TERRAFORM ->
            rules.stream().noneMatch(RESOLVED::contains)
                && !rules.contains("alarm/order")
                && !to.equals("${Faster}")
                && !(rules.contains("alarm/return-data") && to.isEmpty());
      };
    }
  }

  private static SloLint.Report lint(Format format, String yaml) {
    String text = format.write(yaml);
    return SloLint.check(Map.of("t.json", text));
  }

  @ParameterizedTest
  @EnumSource
  void aRightTemplateGivesNone(Format format) {
    SloLint.Report report = lint(format, RightTemplate.YAML);
    assertThat(report.templates()).containsExactly("t.json");
    assertThat(report.loaded().problems()).isEmpty();
    assertThat(report.findings()).isEmpty();
    assertThat(report.unchecked()).isEmpty();
  }

  static Stream<Arguments> cells() {
    List<Arguments> cells = new ArrayList<>();
    for (Format format : Format.values()) {
      TemplateRulesTest.mistakes()
          .forEach(mistake -> {
            Object[] of = mistake.get();
            @SuppressWarnings("unchecked")
            List<String> rules = (List<String>) of[3];
            if (format.expresses((String) of[0], (String) of[1], rules)) {
              cells.add(Arguments.of(format, of[0], of[1], rules));
            }
          });
    }
    return cells.stream();
  }

  @ParameterizedTest
  @MethodSource("cells")
  void eachMistakeIsNamedWhateverItsFormat(
      Format format, String from, String to, List<String> rules) {
    String yaml = RightTemplate.with(from, to);
    List<Finding> findings = lint(format, yaml).findings();
    assertThat(findings)
        .as(findings.toString())
        .extracting(Finding::rule)
        .containsExactlyInAnyOrderElementsOf(
            rules.stream().filter(rule -> !rule.isEmpty()).toList());
    long lines = format.write(yaml).lines().count();
    assertThat(findings).allMatch(finding -> finding.place().line() > 0);
    assertThat(findings).allMatch(finding -> finding.place().line() <= lines);
    assertThat(findings).allMatch(finding -> finding.place().file().equals("t.json"));
  }

  /** As many cells as it has, so that none is lost in silence. */
  @Test
  void theTableHasItsCells() {
    long mistakes = TemplateRulesTest.mistakes().count();
    assertThat(cells().filter(cell -> cell.get()[0] == Format.JSON)).hasSize((int) mistakes);
    assertThat(cells().filter(cell -> cell.get()[0] == Format.TERRAFORM))
        .hasSizeGreaterThan((int) mistakes - 20);
  }
}
