package dev.troth.slo.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troth.slo.evaluate.Grid;
import dev.troth.slo.evaluate.Value;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EmbeddedMetricsTest {
  /** The example of the user guide, with an array of values as its second line. */
  private static final String LINE =
      """
      {"_aws":{"Timestamp":1574109732004,"CloudWatchMetrics":[{"Namespace":"lambda-function-metrics",\
      "Dimensions":[["functionVersion"],["functionVersion","region"]],\
      "Metrics":[{"Name":"time","Unit":"Milliseconds","StorageResolution":60}]}]},\
      "functionVersion":"$LATEST","region":"eu","time":100,"requestId":"989ffbf8"}\
      """;

  private static MetricHistory read(String... lines) {
    return HistoryReader.read(List.of(lines).stream());
  }

  private static double at(MetricHistory history, String name) {
    long minute = 1574109732L / 60 * 60;
    Value value = history.over(SeriesName.of(name).orElseThrow(), new Grid(minute, 60, 1));
    return ((Value.Series) value).at(0);
  }

  @Test
  void aLineCountsForEachSetOfDimensions() {
    MetricHistory history =
        read(
            "2019-11-18T20:42:12.000Z 2019/11/18/[$LATEST]ab " + LINE,
            LINE.replace("\"time\":100", "\"time\":[7, 50, 43]"),
            "REPORT RequestId: 989ffbf8 Duration: 12.00 ms",
            "{\"level\":\"info\"}");
    assertThat(history.passedOver()).isEqualTo(2);
    for (String dimensions :
        List.of("{functionVersion=$LATEST}", "{functionVersion=$LATEST;region=eu}")) {
      String time = "lambda-function-metrics time" + dimensions;
      assertThat(at(history, time + " Sum")).isEqualTo(200);
      assertThat(at(history, time + " SampleCount")).isEqualTo(4);
      assertThat(at(history, time + " Average")).isEqualTo(50);
      assertThat(at(history, time + " Maximum")).isEqualTo(100);
      assertThat(at(history, time + " Minimum")).isEqualTo(7);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"time\":100 | \"time\":\"fast\" | time is \"fast\", expected a number, since it is a metric",
        "\"time\":100 | \"time\":1e999 | time is 1E+999, expected a number below 1.8E308",
        "\"time\":100, | | time is null, expected a number",
        "1574109732004 | \"now\" | _aws.Timestamp is \"now\", expected milliseconds since 1970",
        "\"region\":\"eu\" | \"region\":5 | region is 5, expected a text, since it is a dimension",
        "\"Namespace\":\"lambda-function-metrics\", | | Namespace is null, expected a text",
        "[[\"functionVersion\"] | [\"functionVersion\" | Dimensions is \"functionVersion\", expected lists of names",
        "{\"Name\": | {\"Nam\": | Metrics is {\"Nam\":\"time\"",
        "\"requestId\":\"989ffbf8\"} | \"requestId\": | no JSON",
      })
  void aWrongLineIsNamedWithItsValueAndWhatWasExpected(String part, String other, String reason) {
    var wrong =
        catchThrowableOfType(
            HistoryReader.WrongLineException.class,
            () -> read(LINE, LINE.replace(part, other == null ? "" : other)));
    assertThat(wrong.line()).isEqualTo(2);
    assertThat(wrong).hasMessageContaining(reason);
  }

  @Test
  void aLineThatMakesSeriesWithoutEndIsRefused() {
    String names = String.join(",", Collections.nCopies(31, "\"region\""));
    assertThat(
            catchThrowableOfType(
                HistoryReader.WrongLineException.class,
                () -> read(LINE.replace("[\"functionVersion\"]", "[" + names + "]"))))
        .hasMessageContaining("a set has 31 dimensions, expected at most 30");
    StringBuilder metrics = new StringBuilder();
    for (int i = 0; i < 5_001; i++) {
      metrics.append("{\"Name\":\"m").append(i).append("\"},");
    }
    StringBuilder values = new StringBuilder();
    for (int i = 0; i < 5_001; i++) {
      values.append("\"m").append(i).append("\":1,");
    }
    String line =
        LINE.replace("\"Metrics\":[", "\"Metrics\":[" + metrics)
            .replace("\"time\":100", values + "\"time\":100");
    assertThat(catchThrowableOfType(HistoryReader.WrongLineException.class, () -> read(line)))
        .hasMessageContaining("there are more than 10,000 series");
  }
}
