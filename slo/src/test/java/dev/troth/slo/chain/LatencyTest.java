package dev.troth.slo.chain;

import static dev.troth.slo.ObjectivesForTests.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.slo.chain.Chain.Missing;
import dev.troth.slo.chain.Chain.Retries;
import dev.troth.slo.chain.Chain.Sampling;
import dev.troth.slo.chain.Span.SpanKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What of a request's time counts, with publishing outside the promise. */
final class LatencyTest {
  private static final Chain CHAIN =
      new Chain(
          List.of(
              step("api", Step.Traits.USUAL),
              step("store", Step.Traits.USUAL),
              step("publish", new Step.Traits(false, true))),
          Retries.STRICT,
          Missing.EXCLUDED,
          Sampling.NONE);

  private static Span span(long id, long parent, String name, long start, long end) {
    return new Span(
        new Span.Ids("t", id, parent),
        new Span.Place("orders", name, SpanKind.INTERNAL),
        new Span.Interval(start, end),
        false,
        Map.of(),
        1);
  }

  private static void check(long expected, Span... spans) {
    assertThat(Judge.judge(CHAIN, List.of(spans)).getFirst().latencyNanos()).isEqualTo(expected);
  }

  @Test
  void publishingIsTakenOffWhileItsCallersWait() {
    check(
        60, span(1, 0, "api", 0, 100), span(2, 1, "store", 10, 30), span(3, 1, "publish", 40, 80));
  }

  @Test
  void whatRunsBesidePublishingStillCounts() {
    check(
        80, span(1, 0, "api", 0, 100), span(2, 1, "store", 20, 60), span(3, 1, "publish", 40, 80));
  }

  @Test
  void siblingsThatEncloseItInTimeAreWorkNotWaiting() {
    check(
        100, span(1, 0, "api", 0, 100), span(2, 1, "store", 20, 90), span(3, 1, "publish", 40, 80));
  }

  @Test
  void spansCalledByPublishingAreOutsideWithIt() {
    check(
        60,
        span(1, 0, "api", 0, 100),
        span(2, 1, "store", 0, 40),
        span(3, 1, "publish", 40, 80),
        span(4, 3, "broker append", 45, 75));
  }

  @Test
  void twoPublishesAtTheSameTimeAreTakenOffOnce() {
    check(
        60,
        span(1, 0, "api", 0, 100),
        span(2, 1, "store", 0, 10),
        span(3, 1, "publish", 40, 70),
        span(4, 1, "publish", 50, 80));
  }

  @Test
  void whatIsPublishedAfterTheAnswerTakesNothingOff() {
    check(
        100,
        span(1, 0, "api", 0, 100),
        span(2, 1, "store", 0, 10),
        span(3, 1, "publish", 120, 160));
  }

  @Test
  void aLostParentIsReplacedByWhatEnclosesItInTime() {
    check(
        60, span(1, 0, "api", 0, 100), span(2, 1, "store", 0, 10), span(3, 99, "publish", 40, 80));
  }
}
