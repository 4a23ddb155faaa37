package dev.troth.slo.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troth.testkit.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GateTest {
  /** Terms added one by one, from the top. */
  private static double tail(int k, int n, double p) {
    double sum = 0;
    for (int i = n; i >= k; i--) {
      double term = 1;
      for (int j = 1; j <= i; j++) {
        term *= (double) (n - i + j) / j * p;
      }
      sum += term * Math.pow(1 - p, n - i);
    }
    return sum;
  }

  @Test
  void theTailEqualsItsTermsAdded() {
    Property.of("binomial tail")
        .runs(200, 20_000)
        .check(random -> {
          int n = random.nextInt(1, 60);
          double p = random.nextDouble(0.001, 0.5);
          int k = random.nextInt((int) Math.ceil(n * p), n + 1);
          if (k > n * p) {
            assertThat(Binomial.atLeast(k, n, p)).isCloseTo(tail(k, n, p), within(1e-9));
          }
        });
  }

  @ParameterizedTest
  @CsvSource({
    // One failure of ten happens once in twenty windows to a service that is just good enough.
    "1, 10, false",
    "2, 10, true",
    "3, 1000, false",
    "20, 1000, true",
    "5000, 1000000, false",
    "6000, 1000000, true",
  })
  void onlyCountsThatAreUnlikelyForAGoodServicePass(long bad, long total, boolean passes) {
    assertThat(new MinimumEvidence.Unlikely(0.005).passes(bad, total, 0.005)).isEqualTo(passes);
  }

  @ParameterizedTest
  @CsvSource({
    "30d, 5m & 1h > 14.4, 6h & 3d > 1",
    "28d, 5m & 56m > 14.4, 336m & 4032m > 1",
    "7d, 1m & 14m > 14.4, 84m & 1008m > 1",
  })
  void presetsKeepTheirShareOfTheBudgetOnOtherWindows(String window, String first, String last) {
    AlertPolicy policy =
        AlertPolicy.Preset.WORKBOOK.scaledTo(new Window.Rolling(Durations.parse(window)));
    double share =
        policy.conditions().getFirst().above()
            * policy.conditions().getFirst().longWindow().toMinutes()
            / Durations.parse(window).toMinutes();
    assertThat(share).isCloseTo(0.02, within(1e-6));
    assertThat(policy.conditions().getFirst().text()).isEqualTo(first);
    assertThat(Durations.format(policy.conditions().getLast().longWindow()))
        .isEqualTo(last.substring(last.indexOf("& ") + 2, last.indexOf(" >")));
  }
}
