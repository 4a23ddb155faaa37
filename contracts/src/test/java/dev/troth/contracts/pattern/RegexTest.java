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
    "a", "b", "c", "x", "-", " ", "@", "é", "日", "😀", "1", "\n", "Z"
  };

  /** Two engines that share the parser alone: what one finds, the other finds. */
  @Test
  void automatonAndBacktrackerAgree() {
    Property.of("automaton and backtracker agree")
        .runs(500, 200_000)
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

  private static final String[] LOOKS = {"(?=", "(?!", "(?:"};

  /** With look-aheads, word boundaries and look-behinds of one character too. */
  @Test
  void automataThatReadFromTheEndAndTheirReversesAgreeWithTheBacktracker() {
    Property.of("look-ahead automata and backtracker agree")
        .runs(1_000, 100_000)
        .check(random -> {
          String pattern = looking(random, 0);
          Regex regex = Regex.of(pattern);
          RegexParser.Parsed parsed = new RegexParser(pattern).parse();
          CharTable fromEnd = regex.fromEnd().orElseThrow();
          CharTable forward = fromEnd.reversed().orElseThrow();
          for (int i = 0; i < 12; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(6); n > 0; n--) {
              text.append(TEXTS[random.nextInt(TEXTS.length)]);
            }
            boolean found = Backtracker.find(pattern, parsed, text.toString());
            assertThat(fromEnd.accepts(text.toString(), true))
                .as("%s on '%s' from its end", pattern, text)
                .isEqualTo(found);
            assertThat(regex.find(text.toString()))
                .as("%s on '%s' as validators ask", pattern, text)
                .isEqualTo(found);
            assertThat(forward.accepts(text.toString(), false))
                .as("%s on '%s'", pattern, text)
                .isEqualTo(found);
          }
        });
  }

  private static String looking(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth > 3 ? 3 : 9)) {
      case 0, 1 -> ATOMS[random.nextInt(ATOMS.length)];
      case 2 -> random.nextBoolean() ? "\\b" : "\\B";
      case 3, 4 -> looking(random, depth + 1) + looking(random, depth + 1);
      case 5 -> "(?:" + looking(random, depth + 1) + "|" + looking(random, depth + 1) + ")";
      case 6 -> "(?:" + looking(random, depth + 1) + ")*";
      case 7 -> (random.nextBoolean() ? "(?<=" : "(?<!") + "[a-c-])";
      default -> LOOKS[random.nextInt(LOOKS.length)] + looking(random, depth + 1) + ")";
    };
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
