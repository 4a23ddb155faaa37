package dev.troth.slo.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OpenMetricsReaderTest {
  /** From the specification of OpenMetrics 1.0, with times. */
  private static final List<String> REAL =
      List.of(
          "# TYPE acme_http_router_request_seconds summary",
          "# UNIT acme_http_router_request_seconds seconds",
          "# HELP acme_http_router_request_seconds Latency though all of ACME's HTTP request router.",
          "acme_http_router_request_seconds_sum{path=\"/api/v1\",method=\"GET\"} 9036.32 1520430000.123",
          "acme_http_router_request_seconds_count{path=\"/api/v1\",method=\"GET\"} 807283.0 1520430000.123",
          "# TYPE go_goroutines gauge",
          "go_goroutines 69 1520430000",
          "go_goroutines 70 1520430060",
          "# TYPE foo histogram",
          "foo_bucket{le=\"1.0\"} 11 1520879607.789 # {trace_id=\"KOO5S4vxi0o\"} 0.67",
          "foo_bucket{le=\"+Inf\"} 17 1520879607.789 # {trace_id=\"oHg5SJYRHA0\"} 9.8 1520879607.789",
          "foo{label=\"} \\\\ \\\" \\n\"} +Inf 1520879607",
          "# EOF");

  @Test
  void textOfTheSpecificationIsRead() {
    SeriesStore store = OpenMetricsReader.read(REAL.stream());
    Series routines = store.named("go_goroutines").getFirst();
    assertThat(routines.size()).isEqualTo(2);
    assertThat(routines.value(1)).isEqualTo(70);
    assertThat(routines.time(1)).isEqualTo(1520430060000L);
    assertThat(store.named("foo_bucket")).hasSize(2);
    assertThat(store.named("foo_bucket").getFirst().value(0)).isEqualTo(11);
    assertThat(store.named("foo").getFirst().labels().get("label")).isEqualTo("} \\ \" \n");
    Series sum = store.named("acme_http_router_request_seconds_sum").getFirst();
    assertThat(sum.labels())
        .hasToString("acme_http_router_request_seconds_sum{method=\"GET\",path=\"/api/v1\"}");
    assertThat(sum.time(0)).isEqualTo(1520430000123L);
    assertThat(store.first()).isEqualTo(1520430000000L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "a 1 | a has the time '', expected seconds since 1970 such as 1790812800.5",
        "a 1 soon | a has the time 'soon', expected seconds since 1970",
        "a 1 1790812800000000 | a has the time '1790812800000000', expected seconds",
        "a 0x1p3 1 | a has the value '0x1p3', expected a number",
        "a{b=1} 1 1 | labels of a are {b=1}, expected name=\"value\",…",
        "a{b=\"1\",b=\"2\"} 1 1 | a has the label 'b' twice",
        "a{b=\"1\" 1 1 | 'a{b=\"1\" 1 1', expected a sample such as",
        "x 1 5 | x has a sample at 5000 after one at 5000, expected the order of time",
        "x 1 4 | x has a sample at 4000 after one at 5000",
      })
  void aWrongLineIsNamedWithItsValueAndWhatWasExpected(String line, String reason) {
    var wrong =
        catchThrowableOfType(
            OpenMetricsReader.WrongLineException.class,
            () -> OpenMetricsReader.read(List.of("x 1 5", line, "# EOF").stream()));
    assertThat(wrong.line()).isEqualTo(2);
    assertThat(wrong).hasMessageContaining(reason);
  }

  @Test
  void textThatEndsEarlyIsRefused() {
    var early =
        catchThrowableOfType(
            OpenMetricsReader.WrongLineException.class,
            () -> OpenMetricsReader.read(List.of("x 1 5").stream()));
    assertThat(early).hasMessageContaining("ends without '# EOF'");
    var late =
        catchThrowableOfType(
            OpenMetricsReader.WrongLineException.class,
            () -> OpenMetricsReader.read(List.of("x 1 5", "# EOF", "x 1 6").stream()));
    assertThat(late.line()).isEqualTo(3);
    assertThat(late).hasMessageContaining("'x 1 6' stands behind # EOF");
  }
}
