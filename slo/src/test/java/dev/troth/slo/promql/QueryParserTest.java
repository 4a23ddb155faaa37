package dev.troth.slo.promql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.testkit.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QueryParserTest {
  /** The shape in Lisp's way. */
  private static String shape(Query query) {
    return switch (query) {
      case Query.Literal literal -> literal.text();
      case Query.Selector selector ->
          selector.name()
              + (selector.labels().isEmpty() ? "" : selector.labels().size() + "")
              + (selector.range().isEmpty() ? "" : "[" + selector.range() + "]");
      case Query.Call call ->
          "("
              + call.function()
              + call.arguments().stream().map(a -> " " + shape(a)).reduce("", String::concat)
              + ")";
      case Query.Operation operation ->
          "("
              + operation.operator()
              + " "
              + shape(operation.left())
              + " "
              + shape(operation.right())
              + ")";
      case Query.Sign sign -> "(- " + shape(sign.operand()) + ")";
      case Query.Subquery subquery -> shape(subquery.query()) + "[" + subquery.range() + ":]";
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a + b * c | (+ a (* b c))",
        "a or b and c > 1 | (or a (and b (> c 1)))",
        "a OR b AND c | (or a (and b c))",
        "SUM BY (x) (a) | (sum a)",
        "a ^ b ^ c | (^ a (^ b c))",
        "a - b - c | (- (- a b) c)",
        "-a ^ 2 | (- (^ a 2))",
        "sum by (x) (a) / on (x) group_left (y) b | (/ (sum a) b)",
        "sum(a) without (x, y) | (sum a)",
        "rate(a{b=\"c\", d=~'e'}[5m] offset -1h) | (rate a2[5m])",
        "max_over_time(rate(a[1m])[1h30m:5m]) | (max_over_time (rate a[1m])[1h30m:])",
        "a @ 1609746000 > bool 1 | (> a 1)",
        "topk(3, {__name__=~\"x.*\"}) | (topk 3 1)",
        "label_replace(up, \"a\", \"$1\", \"b\", '(.*)') | (label_replace up \"a\" \"$1\" \"b\""
            + " '(.*)')",
        "1.5e3 * 0x1F | (* 1.5e3 0x1F)",
      })
  void queriesAreReadAsPrometheusBindsThem(String text, String shape) {
    QueryParser.Parsed parsed = QueryParser.parse(text);
    assertThat(parsed.wrong()).isEmpty();
    assertThat(parsed.query().map(QueryParserTest::shape)).contains(shape);
  }

  @Test
  void noTextBreaksTheReader() {
    String signs = "ab(){}[],:@=~!<>+-*/^ \"'5mor#\n\\by";
    Property.of("random text is read or refused")
        .runs(5_000, 300_000)
        .check(random -> {
          StringBuilder text = new StringBuilder();
          for (int i = random.nextInt(50); i > 0; i--) {
            text.append(signs.charAt(random.nextInt(signs.length())));
          }
          QueryParser.Parsed parsed = QueryParser.parse(text.toString());
          assertThat(parsed.query().isEmpty())
              .as(text.toString())
              .isEqualTo(!parsed.wrong().isEmpty());
        });
    assertThat(QueryParser.parse("a # remark (\n + b").query().map(QueryParserTest::shape))
        .contains("(+ a b)");
    assertThat(QueryParser.parse("(".repeat(5_000)).wrong()).contains("nests deeper");
    assertThat(QueryParser.parse("-".repeat(5_000) + "a").wrong()).contains("nests deeper");
    assertThat(QueryParser.parse("\"" + "\\\"".repeat(5_000) + "\"").query()).isPresent();
    assertThat(QueryParser.parse("a{b=`c\"d`}").query()).isPresent();
    assertThat(QueryParser.parse(" ".repeat(15_000) + "a").query()).isPresent();
    assertThat(QueryParser.parse("a+".repeat(15_000) + "a").wrong()).contains("characters");
  }
}
