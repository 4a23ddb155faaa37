package dev.troth.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TraceStateTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                           | 1
          vendor=x                     | 1
          ot=th:0                      | 1
          ot=th:8                      | 2
          ot=th:c                      | 4
          a=b, ot=rv:01;th:fd70a3d70a3d71 | 100
          ot=th:zz                     | 1
          ot=th:123456789012345        | 1
          """)
  void theThresholdSaysHowManySpansOneStandsFor(String traceState, double weight) {
    assertThat(TraceState.weight(traceState)).isCloseTo(weight, within(1e-6));
  }
}
