package dev.troth.contracts.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts are what PostgreSQL 18 prints. */
class CheckConstraintTest {
  private static String shown(CheckConstraint.Demand demand) {
    return (demand.length() ? "length of " : "")
        + demand.column()
        + " "
        + demand.operator()
        + " "
        + demand.values().stream()
            .map(CheckConstraint.Constant::text)
            .collect(Collectors.joining("|"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "CHECK ((price > (0)::numeric)); price > 0",
        "CHECK (((amount >= 1) AND (amount <= 50))); amount >= 1 & amount <= 50",
        "CHECK ((kind = ANY (ARRAY['web'::text, 'it''s'::text]))); kind = web|it's",
        "CHECK (((kind)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))); kind = a|b",
        "CHECK ((char_length((\"Code\")::text) = 3)); length of Code = 3",
        "CHECK ((5 < n)) NOT VALID; n > 5",
        "CHECK ((n >= '-1.5'::numeric(10,2))); n >= -1.5",
        "CHECK ((kind = 'x'::text)); kind = x",
      })
  void simpleOnesAreTakenApart(String definition, String demands) {
    assertThat(
            CheckConstraint.read(definition).orElseThrow().stream()
                .map(CheckConstraintTest::shown)
                .collect(Collectors.joining(" & ")))
        .isEqualTo(demands);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CHECK (((price IS NULL) OR (amount > 2)))",
        "CHECK ((a < b))",
        "CHECK ((price <> (0)::numeric))",
        "CHECK ((name ~ '^[a-z]+$'::text))",
        "CHECK ((lower(name) = 'x'::text))",
        "CHECK (((a + 1) > 2))",
        "CHECK (active)",
        "CHECK ((NOT active))",
        "CHECK ((a > 1) OR (b > 1))",
        "CHECK ((a = ANY (ARRAY[b, c])))",
        "CHECK ((1 < 2))",
        "CHECK (",
        "",
      })
  void othersAreLeftWhole(String definition) {
    assertThat(CheckConstraint.read(definition)).isEmpty();
  }
}
