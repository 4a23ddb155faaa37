package dev.troth.contracts.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegexTest {
  /** A class of many ranges makes the automaton grow while the repetition around it is built. */
  @ParameterizedTest
  @CsvSource({"a, true", "a@b, false", "a b, false", "@, false", "é\u00a0, false", "日本, true"})
  void aRepeatedClassOfManyRangesMatchesNothingElse(String text, boolean matches) throws Exception {
    Regex regex = Regex.of("^[^@\\s]+$");
    assertThat(regex.automaton()).isPresent();
    assertThat(regex.find(text)).isEqualTo(matches);
    assertThat(Backtracker.find(regex.source(), new RegexParser(regex.source()).parse(), text))
        .isEqualTo(matches);
  }
}
