package dev.troth.contracts.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
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
        "CHECK (((kind)::text = ANY ((ARRAY['a'::character varying, 'b'::character"
            + " varying])::text[]))); kind = a|b",
        "CHECK ((char_length((\"Code\")::text) = 3)); length of Code = 3",
        "CHECK ((5 < n)) NOT VALID; n > 5",
        "CHECK ((n >= '-1.5'::numeric(10,2))); n >= -1.5",
        "CHECK ((kind = 'x'::text)); kind = x",
        "CHECK (kind in ('a', 'b')); kind = a|b",
        "CHECK (n BETWEEN 1 AND 9 AND m > 2); n >= 1 & n <= 9 & m > 2",
        "CHECK (LENGTH(code) >= 3); length of code >= 3",
      })
  void simpleOnesAreTakenApart(String definition, String demands) {
    assertThat(
            CheckConstraint.read(definition).orElseThrow().stream()
                .map(CheckConstraintTest::shown)
                .collect(Collectors.joining(" & ")))
        .isEqualTo(demands);
  }

  @Test
  void clausesAreFoundInAStatement() {
    String sql =
        """
        CREATE TABLE "check (" ( -- check (no)
          a INT CHECK(a > (0)), /* CHECK (b) */ checked TEXT DEFAULT 'CHECK (x)',
          b TEXT check  (b <> ')' AND [odd)] = 1), uncheck (y),
          CONSTRAINT c CHECK (a IN (1, 2)), CHECK\
        """;
    assertThat(CheckClauses.of(sql))
        .containsExactly(
            "CHECK (a > (0))", "CHECK (b <> ')' AND [odd)] = 1)", "CHECK (a IN (1, 2))");
    assertThat(CheckClauses.of("")).isEmpty();
    assertThat(CheckClauses.of("check ((")).containsExactly("CHECK ((");
    assertThat(CheckClauses.of("check ('")).containsExactly("CHECK ('");
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
        "CHECK (n IN (SELECT 1))",
        "CHECK (n IN ())",
        "CHECK (n BETWEEN 1 OR 2)",
        "CHECK (",
        "",
      })
  void othersAreLeftWhole(String definition) {
    assertThat(CheckConstraint.read(definition)).isEmpty();
  }
}
