package dev.troth.contracts.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.testkit.Property;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
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

  private static final String[] ATOMS = {
    "a", "b", "é", "😀", ".", "\\d", "\\w", "\\s", "\\S", "\\W", "[^@\\s]", "[a-c]", "[^a]",
    "\\p{L}", "^", "$", "-", "[ -~]", "\\D"
  };
  private static final String[] TEXTS = {
    "a", "b", "c", "x", "-", " ", "@", "é", "😀", "1", "\n", "Z"
  };

  /** Two engines that share the parser alone: what one finds, the other finds. */
  @Test
  void automatonAndBacktrackerAgree() {
    Property.of("automaton and backtracker agree")
        .runs(2_000, 200_000)
        .check(random -> {
          String pattern = pattern(random, 0);
          RegexParser.Parsed parsed = new RegexParser(pattern).parse();
          Regex regex = Regex.of(pattern);
          for (int i = 0; i < 12 && regex.automaton().isPresent(); i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(6); n > 0; n--) {
              text.append(TEXTS[random.nextInt(TEXTS.length)]);
            }
            assertThat(regex.find(text.toString()))
                .as("%s on '%s'", pattern, text)
                .isEqualTo(Backtracker.find(pattern, parsed, text.toString()));
          }
        });
  }

  private static String pattern(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth > 3 ? 2 : 8)) {
      case 0, 1 -> ATOMS[random.nextInt(ATOMS.length)];
      case 2 -> pattern(random, depth + 1) + pattern(random, depth + 1);
      case 3 -> "(?:" + pattern(random, depth + 1) + "|" + pattern(random, depth + 1) + ")";
      case 4 -> "(?:" + pattern(random, depth + 1) + ")*";
      case 5 -> "(?:" + pattern(random, depth + 1) + ")+?";
      case 6 -> "(?:" + pattern(random, depth + 1) + "){" + random.nextInt(2) + ",3}";
      default -> "^" + pattern(random, depth + 1) + "$";
    };
  }
}
