package dev.troth.slo.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.slo.backtest.MetricHistory;
import dev.troth.slo.backtest.SeriesName;
import dev.troth.slo.cloudwatch.Retention.Stretch;
import dev.troth.testkit.Property;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RetentionTest {
  private static final Instant NOW = Instant.parse("2026-11-30T11:22:33Z");

  @Test
  void eachTimeIsAskedForOnceByThePeriodThatIsKeptOfIt() {
    Property.of("stretches cover a time by periods that are kept")
        .runs(2_000, 200_000)
        .check(random -> {
          Instant now = NOW.plusSeconds(random.nextLong(0, 10_000_000));
          Instant from = minute(now.minusSeconds(random.nextLong(3_600, 450L * 86_400)));
          Instant to = minute(from.plusSeconds(60 + random.nextLong(0, 90L * 86_400)));
          Instant end = to.isAfter(now) ? minute(now) : to;
          List<Stretch> stretches = Retention.stretches(from, end, now);
          Instant at = stretches.getFirst().from();
          assertThat(at).isBetween(from.minus(stretches.getFirst().period()), from);
          for (Stretch stretch : stretches) {
            assertThat(stretch.from()).isEqualTo(at);
            long days = Duration.between(at, now).toDays();
            long least = days >= 63 ? 3600 : days >= 15 ? 300 : 60;
            assertThat(stretch.period().toSeconds()).isGreaterThanOrEqualTo(least);
            Instant last = stretch.to().minusSeconds(60);
            boolean couldBeFiner = Duration.between(last, now).toDays() < (least == 60 ? 0 : 14);
            assertThat(stretch.period().toSeconds() > 60 && couldBeFiner).isFalse();
            at = stretch.to();
          }
          assertThat(at).isEqualTo(end);
        });
  }

  private static Instant minute(Instant at) {
    return Instant.ofEpochSecond(at.getEpochSecond() / 60 * 60);
  }

  @Test
  void whatIsKeptNoMoreIsRefused() {
    assertThatThrownBy(() -> Retention.stretches(NOW.minus(Duration.ofDays(456)), NOW, NOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "CloudWatch keeps metrics for 455 days, which is since 2025-09-01T12");
  }

  @Test
  void minutesShareTheSumsOfLongerPeriodsAndHaveTheirExtremes() {
    Instant from = Instant.parse("2026-10-01T00:02:00Z");
    Instant begin = Instant.parse("2026-10-01T00:00:00Z");
    SeriesName sum = SeriesName.of("Shop Bad Sum").orElseThrow();
    SeriesName most = SeriesName.of("Shop Bad Maximum").orElseThrow();
    MetricAnswer coarse =
        new MetricAnswer(
            new Stretch(begin, begin.plusSeconds(600), Duration.ofMinutes(5)),
            Map.of(
                sum, Map.of(begin.getEpochSecond(), 10.0),
                most, Map.of(begin.getEpochSecond(), 7.0)));
    MetricAnswer fine =
        new MetricAnswer(
            new Stretch(begin.plusSeconds(600), begin.plusSeconds(720), Duration.ofMinutes(1)),
            Map.of(sum, Map.of(begin.getEpochSecond() + 660, 3.0), most, Map.of()));
    MetricHistory history =
        MetricAnswer.history(List.of(coarse, fine), from, begin.plusSeconds(720));
    assertThat(history.minutes()).isEqualTo(10);
    assertThat(history.values(sum))
        .containsExactly(
            2, 2, 2, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 3);
    assertThat(history.values(most)).startsWith(7, 7, 7, Double.NaN);
    assertThatThrownBy(() ->
            new MetricAnswer(
                coarse.stretch(), Map.of(sum, Map.of(begin.getEpochSecond() + 60, 1.0))))
        .hasMessageContaining("expected whole multiples of 300 s");
  }
}
