package dev.troth.slo.chain;

import static dev.troth.slo.ObjectivesForTests.chain;
import static dev.troth.slo.ObjectivesForTests.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.slo.chain.Chain.Missing;
import dev.troth.slo.chain.Chain.Retries;
import dev.troth.slo.chain.Requests.Limits;
import dev.troth.slo.chain.Requests.Receipt;
import dev.troth.slo.chain.Verdict.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When requests are judged, judged again, forgotten and refused. */
final class RequestsTest {
  private static final long NOW = 1_800_000_000_000L;
  private static final long MINUTE = 60_000;
  private static final Chain CHAIN = chain(2, Retries.STRICT, Missing.EXCLUDED);

  private final List<String> told = new ArrayList<>();

  private static Requests requests(long bytes) {
    return new Requests(
        List.of(CHAIN), new Limits(Duration.ofMinutes(2), Duration.ofHours(1), bytes));
  }

  private void settle(Requests requests, long at) {
    requests.settle(
        at,
        (chain, before, after) ->
            told.add((before == null ? "" : before.outcome() + " ") + after.outcome()));
  }

  private static Receipt accept(Requests requests, String trace, int step, long at, boolean bad) {
    return requests.accept(span(trace, step + 1, "s" + step, at - 5, at, bad), at);
  }

  @Test
  void aRequestIsJudgedOnceItsWatermarkHasPassed() {
    Requests requests = requests(100_000);
    accept(requests, "a", 0, NOW, false);
    accept(requests, "a", 1, NOW + 10, false);
    settle(requests, NOW + 2 * MINUTE - 1);
    assertThat(told).isEmpty();
    settle(requests, NOW + 2 * MINUTE);
    assertThat(told).containsExactly("GOOD");
  }

  @Test
  void aLateSpanCorrectsTheVerdictAndTellsBoth() {
    Requests requests = requests(100_000);
    accept(requests, "a", 0, NOW, false);
    settle(requests, NOW + 2 * MINUTE);
    accept(requests, "a", 1, NOW + 30 * MINUTE, true);
    settle(requests, NOW + 30 * MINUTE);
    assertThat(told).containsExactly("UNKNOWN", "UNKNOWN BAD");
    // The same span once more changes nothing.
    assertThat(accept(requests, "a", 1, NOW + 30 * MINUTE, true)).isEqualTo(Receipt.DUPLICATE);
    settle(requests, NOW + 31 * MINUTE);
    assertThat(told).hasSize(2);
  }

  @Test
  void anEntryThatEndsLongAfterItsStepsStillOpensItsRequest() {
    Requests requests = requests(100_000);
    accept(requests, "a", 1, NOW, true);
    settle(requests, NOW + 5 * MINUTE);
    assertThat(told).isEmpty();
    accept(requests, "a", 0, NOW + 20 * MINUTE, false);
    settle(requests, NOW + 20 * MINUTE);
    assertThat(told).containsExactly("BAD");
  }

  @Test
  void whatEndedTooLongAgoOrInTheFutureIsCountedAsLost() {
    Requests requests = requests(100_000);
    Span old = span("a", 1, "s0", NOW - 61 * MINUTE, NOW - 61 * MINUTE, false);
    assertThat(requests.accept(old, NOW)).isEqualTo(Receipt.TOO_LATE);
    Span ahead = span("b", 1, "s0", NOW + 6 * MINUTE, NOW + 6 * MINUTE, false);
    assertThat(requests.accept(ahead, NOW)).isEqualTo(Receipt.AHEAD);
    assertThat(requests.losses().tooLate()).isEqualTo(1);
    assertThat(requests.losses().ahead()).isEqualTo(1);
    assertThat(requests.bytes()).isZero();
  }

  @Test
  void judgedRequestsMakeRoomAndOpenOnesAreNeverDropped() {
    Requests requests = requests(3_600);
    accept(requests, "a", 0, NOW, false);
    settle(requests, NOW + 2 * MINUTE);
    for (String trace : List.of("b", "c", "d")) {
      assertThat(accept(requests, trace, 0, NOW + 3 * MINUTE, false)).isEqualTo(Receipt.TAKEN);
    }
    assertThat(requests.full()).isFalse();
    accept(requests, "e", 0, NOW + 3 * MINUTE, false);
    assertThat(requests.losses().forgotten()).isEqualTo(1);
    // Senders have to wait; what they have sent already is still taken.
    assertThat(requests.full()).isTrue();
    assertThat(accept(requests, "f", 0, NOW + 3 * MINUTE, false)).isEqualTo(Receipt.TAKEN);
    assertThat(accept(requests, "g", 0, NOW + 3 * MINUTE, false)).isEqualTo(Receipt.TAKEN);
    assertThat(accept(requests, "h", 0, NOW + 3 * MINUTE, false)).isEqualTo(Receipt.CROWDED);
    assertThat(requests.losses().crowded()).isEqualTo(1);
    settle(requests, NOW + 5 * MINUTE);
    assertThat(told).containsOnly("UNKNOWN").hasSize(7);
    assertThat(requests.full()).isFalse();
  }

  @Test
  void memoryIsGivenBackWhenTheLatenessIsOver() {
    Requests requests = requests(1_000_000);
    for (int i = 0; i < 500; i++) {
      accept(requests, "t" + i, 0, NOW, false);
    }
    settle(requests, NOW + 2 * MINUTE);
    assertThat(requests.bytes()).isGreaterThan(500 * 500);
    settle(requests, NOW + 62 * MINUTE);
    assertThat(requests.bytes()).isZero();
    assertThat(requests.oldest()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void spansOfNoStepAreForgottenAfterTheWatermarkAndMakeRoomBefore() {
    Chain outside =
        new Chain(
            List.of(
                CHAIN.steps().getFirst(),
                dev.troth.slo.ObjectivesForTests.step("s1", new Step.Traits(false, true))),
            Retries.STRICT,
            Missing.EXCLUDED,
            Chain.Sampling.NONE);
    Requests requests =
        new Requests(
            List.of(outside), new Limits(Duration.ofMinutes(2), Duration.ofHours(1), 100_000));
    for (int i = 0; i < 10_000; i++) {
      assertThat(requests.accept(span("x" + i, 1, "other", NOW, NOW, true), NOW))
          .isEqualTo(Receipt.TAKEN);
    }
    assertThat(requests.full()).isFalse();
    assertThat(requests.bytes()).isLessThan(101_000);
    assertThat(accept(requests, "honest", 0, NOW, false)).isEqualTo(Receipt.TAKEN);
    assertThat(accept(requests, "honest", 1, NOW, false)).isEqualTo(Receipt.TAKEN);
    settle(requests, NOW + 2 * MINUTE);
    assertThat(told).containsExactly("GOOD");
    assertThat(requests.losses().strangers()).isZero();
  }

  @Test
  void oneHugeTraceIsBoundedAloneAndItsRequestIsUnknown() {
    Requests requests = requests(1_000_000);
    accept(requests, "huge", 0, NOW, false);
    accept(requests, "huge", 1, NOW, false);
    for (int i = 0; i < 100_000; i++) {
      requests.accept(span("huge", 10 + i, "s1", NOW, NOW, false), NOW);
    }
    assertThat(requests.losses().tooLarge()).isGreaterThan(99_000);
    assertThat(requests.bytes()).isLessThan(1_000_000 / 32);
    accept(requests, "honest", 0, NOW, false);
    accept(requests, "honest", 1, NOW, false);
    settle(requests, NOW + 2 * MINUTE);
    assertThat(told).containsExactly("UNKNOWN", "GOOD");
  }

  @Test
  void aTraceThatGrewTooLargeAfterItsVerdictIsNoLongerKnownToBeGood() {
    Requests requests = requests(1_000_000);
    accept(requests, "huge", 0, NOW, false);
    accept(requests, "huge", 1, NOW, false);
    settle(requests, NOW + 2 * MINUTE);
    for (int i = 0; i < 1_000; i++) {
      requests.accept(span("huge", 10 + i, "s1", NOW, NOW, false), NOW + 3 * MINUTE);
    }
    settle(requests, NOW + 3 * MINUTE);
    assertThat(told).containsExactly("GOOD", "GOOD UNKNOWN");
  }

  @Test
  void aSampledRequestIsRefusedUnlessTheChainWeighs() {
    Span sampled = sampled("a", 10);
    Chain weighted = weighted(Chain.Sampling.WEIGHTED);
    Chain strict = chain(1, Retries.STRICT, Missing.EXCLUDED);
    assertThat(Judge.judge(strict, List.of(sampled)).getFirst().outcome())
        .isEqualTo(Outcome.SAMPLED);
    Verdict verdict = Judge.judge(weighted, List.of(sampled)).getFirst();
    assertThat(verdict.outcome()).isEqualTo(Outcome.GOOD);
    assertThat(verdict.weight()).isEqualTo(10);
    // Nobody keeps one request in a hundred million; it would be the whole figure.
    assertThat(Judge.judge(weighted, List.of(sampled("a", 1e8))).getFirst().outcome())
        .isEqualTo(Outcome.SAMPLED);
  }

  private static Chain weighted(Chain.Sampling sampling) {
    return new Chain(
        chain(1, Retries.STRICT, Missing.EXCLUDED).steps(),
        Retries.STRICT,
        Missing.EXCLUDED,
        sampling);
  }

  private static Span sampled(String trace, double weight) {
    return new Span(
        new Span.Ids(trace, 1, 0),
        new Span.Place("service", "s0", Span.SpanKind.SERVER),
        new Span.Interval(NOW * 1_000_000, NOW * 1_000_000),
        false,
        java.util.Map.of(),
        weight);
  }

  @Test
  void aDeclaredRatioWeighsSpansThatSayNothing() {
    Chain declared = weighted(Chain.Sampling.declared(0.1));
    assertThat(Judge.judge(declared, List.of(sampled("a", 1))).getFirst().weight()).isEqualTo(10);
    assertThat(Judge.judge(declared, List.of(sampled("a", 4))).getFirst().weight()).isEqualTo(4);
  }
}
