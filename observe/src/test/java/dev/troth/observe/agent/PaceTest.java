package dev.troth.observe.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.testkit.Property;
import org.junit.jupiter.api.Test;

final class PaceTest {
  private static final long MILLI = 1_000_000;

  @Test
  void restsAsUsualWithoutALimit() {
    assertThat(Pace.UNLIMITED.pause(500 * MILLI, 0)).isEqualTo(50 * MILLI);
    assertThat(Pace.UNLIMITED.pause(500 * MILLI, 10_000)).isEqualTo(5 * MILLI);
    assertThat(new Pace(100).pause(500 * MILLI, 0)).isEqualTo(50 * MILLI);
  }

  @Test
  void restsLongerTheMoreItWorked() {
    assertThat(new Pace(10).pause(20 * MILLI, 10_000)).isEqualTo(180 * MILLI);
    assertThat(new Pace(10).pause(MILLI, 0)).isEqualTo(50 * MILLI);
    assertThat(new Pace(1).pause(500 * MILLI, 10_000)).isEqualTo(1_000 * MILLI);
  }

  @Test
  void keepsToItsShareUnlessATurnTakesVeryLong() {
    Property.of("share of a processor")
        .runs(1_000, 100_000)
        .check(random -> {
          int percent = 1 + random.nextInt(99);
          long worked = random.nextLong(1, 10 * MILLI);
          long rest = new Pace(percent).pause(worked, random.nextInt(20_000));
          assertThat(100.0 * worked / (worked + rest)).isLessThanOrEqualTo(percent + 1e-3);
        });
  }
}
