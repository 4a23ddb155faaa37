package dev.troth.slo.alarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.slo.evaluate.Value.Series;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AlarmStateTest {
  /** {@code 0 - X}: within, missing, beyond. */
  private static Series points(String text) {
    String[] parts = text.split(" ");
    double[] points = new double[parts.length];
    for (int i = 0; i < points.length; i++) {
      points[i] =
          switch (parts[i]) {
            case "X" -> 2;
            case "0" -> 0;
            default -> Double.NaN;
          };
    }
    return Series.of(points);
  }

  private static String state(int needed, int periods, MissingData missing, String points) {
    AlarmCondition condition = new AlarmCondition(Comparison.ABOVE, 1, periods, needed, missing);
    // The state that is retained is neither of the two that points can come to by themselves.
    AlarmState next = condition.next(points(points), AlarmState.NOT_KNOWN);
    return switch (next) {
      case NOT_KNOWN -> "retained";
      case INSUFFICIENT_DATA -> "insufficient";
      case OK, ALARM -> next.name();
    };
  }

  /** All rows of the guide's two tables, of its older edition too; then what lies between them. */
  @ParameterizedTest
  @CsvSource({
    "3, 3, 0 - X - X, OK, OK, OK, OK",
    "3, 3, 0 - - - -, OK, OK, OK, OK",
    "3, 3, - - - - -, insufficient, retained, ALARM, OK",
    "3, 3, 0 X X - X, ALARM, ALARM, ALARM, ALARM",
    "3, 3, - - X - -, ALARM, retained, ALARM, OK",
    "3, 3, - - - - X, insufficient, retained, ALARM, OK",
    "3, 3, X - - - -, ALARM, retained, ALARM, OK",
    "2, 3, 0 - X - X, ALARM, ALARM, ALARM, ALARM",
    "2, 3, 0 0 X 0 X, ALARM, ALARM, ALARM, ALARM",
    "2, 3, 0 - X - -, OK, OK, ALARM, OK",
    "2, 3, - - - - 0, OK, OK, ALARM, OK",
    "2, 3, - - - - X, insufficient, retained, ALARM, OK",
    "2, 3, - - - X -, ALARM, retained, ALARM, OK",
    "1, 1, 0 X 0, OK, OK, OK, OK",
    "1, 1, 0 0 X, ALARM, ALARM, ALARM, ALARM",
    "1, 1, 0 X -, ALARM, ALARM, ALARM, ALARM",
    "1, 1, - - -, insufficient, retained, ALARM, OK",
    "2, 3, - X X - -, ALARM, ALARM, ALARM, ALARM",
    "3, 3, - X X - -, ALARM, retained, ALARM, OK",
  })
  void missingDataAreTreatedAsTheGuidePrints(
      int needed,
      int periods,
      String points,
      String missing,
      String ignore,
      String breaching,
      String notBreaching) {
    assertThat(
            Map.of(
                MissingData.MISSING, state(needed, periods, MissingData.MISSING, points),
                MissingData.IGNORE, state(needed, periods, MissingData.IGNORE, points),
                MissingData.BREACHING, state(needed, periods, MissingData.BREACHING, points),
                MissingData.NOT_BREACHING,
                    state(needed, periods, MissingData.NOT_BREACHING, points)))
        .isEqualTo(
            Map.of(
                MissingData.MISSING, missing,
                MissingData.IGNORE, ignore,
                MissingData.BREACHING, breaching,
                MissingData.NOT_BREACHING, notBreaching));
  }

  @ParameterizedTest
  @CsvSource({
    "GreaterThanThreshold, false, false, true",
    "GreaterThanOrEqualToThreshold, false, true, true",
    "LessThanThreshold, true, false, false",
    "LessThanOrEqualToThreshold, true, true, false",
  })
  void comparisonsAreTheFourWords(String word, boolean below, boolean same, boolean above) {
    Comparison comparison = Comparison.of(word).orElseThrow();
    assertThat(comparison.breaches(1, 2)).isEqualTo(below);
    assertThat(comparison.breaches(2, 2)).isEqualTo(same);
    assertThat(comparison.breaches(3, 2)).isEqualTo(above);
    assertThat(Comparison.of("GreaterThanUpperThreshold")).isEmpty();
  }

  @Test
  void moreBreachesThanPointsAreRefused() {
    assertThatThrownBy(() -> new AlarmCondition(Comparison.ABOVE, 1, 2, 3, MissingData.MISSING))
        .hasMessageContaining("looks at 3 of 2 data points");
    assertThat(new AlarmCondition(Comparison.ABOVE, 1, 3, 3, MissingData.MISSING).range())
        .isEqualTo(5);
  }

  /** a fires, b is well, c has no data, d is known to the service alone. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "ALARM(\"a\") ~ ALARM",
        "ALARM(b) ~ OK",
        "OK(\"b\") AND INSUFFICIENT_DATA(c) ~ ALARM",
        "ALARM(a) AND ALARM(b) OR ALARM(a) ~ ALARM",
        "ALARM(a) AND (ALARM(b) OR ALARM(c)) ~ OK",
        "NOT ALARM(a) OR ALARM(b) ~ OK",
        "NOT (ALARM(a) AND ALARM(b)) ~ ALARM",
        "NOT NOT ALARM(a) ~ ALARM",
        "NOT OK(a) AND NOT OK(c) ~ ALARM",
        "TRUE AND NOT FALSE ~ ALARM",
        "ALARM(d) ~ NOT_KNOWN",
        "NOT ALARM(d) ~ NOT_KNOWN",
        "ALARM(d) AND ALARM(b) ~ OK",
        "ALARM(d) AND ALARM(a) ~ NOT_KNOWN",
        "ALARM(d) OR ALARM(a) ~ ALARM",
        "ALARM(d) OR ALARM(b) ~ NOT_KNOWN",
      })
  void compositeAlarmsFollowTheirRule(String text, AlarmState expected) {
    Map<String, AlarmState> states =
        Map.of(
            "a", AlarmState.ALARM,
            "b", AlarmState.OK,
            "c", AlarmState.INSUFFICIENT_DATA,
            "d", AlarmState.NOT_KNOWN);
    CompositeRule.Read read = CompositeRule.read(text);
    assertThat(read.wrong()).isEmpty();
    assertThat(read.rule().map(rule -> rule.state(states::get))).isEqualTo(Optional.of(expected));
  }

  @Test
  void aTextThatIsNoRuleIsRefusedWithItsColumn() {
    CompositeRule.Read read = CompositeRule.read("ALARM(a) AND");
    assertThat(read.rule()).isEmpty();
    assertThat(read.alarms()).containsExactly("a");
    assertThat(read.wrong()).hasValueSatisfying(why -> assertThat(why).startsWith("column 13"));
    assertThat(CompositeRule.read("NOT ".repeat(5_000) + "ALARM(a)").wrong())
        .hasValueSatisfying(why -> assertThat(why).contains("nests deeper"));
  }
}
