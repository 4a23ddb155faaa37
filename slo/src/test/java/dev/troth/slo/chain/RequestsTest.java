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

  private static Requests requests(int spans) {
    return new Requests(
        List.of(CHAIN), new Limits(Duration.ofMinutes(2), Duration.ofHours(1), spans));
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
    Requests requests = requests(100);
    accept(requests, "a", 0, NOW, false);
    accept(requests, "a", 1, NOW + 10, false);
    settle(requests, NOW + 2 * MINUTE - 1);
    assertThat(told).isEmpty();
    settle(requests, NOW + 2 * MINUTE);
    assertThat(told).containsExactly("GOOD");
  }

  @Test
  void aLateSpanCorrectsTheVerdictAndTellsBoth() {
    Requests requests = requests(100);
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
  void whatEndedTooLongAgoOrInTheFutureIsCountedAsLost() {
    Requests requests = requests(100);
    Span old = span("a", 1, "s0", NOW - 61 * MINUTE, NOW - 61 * MINUTE, false);
    assertThat(requests.accept(old, NOW)).isEqualTo(Receipt.TOO_LATE);
    Span ahead = span("b", 1, "s0", NOW + 6 * MINUTE, NOW + 6 * MINUTE, false);
    assertThat(requests.accept(ahead, NOW)).isEqualTo(Receipt.AHEAD);
    assertThat(requests.losses().tooLate()).isEqualTo(1);
    assertThat(requests.losses().ahead()).isEqualTo(1);
    assertThat(requests.kept()).isZero();
  }

  @Test
  void judgedRequestsMakeRoomAndOpenOnesAreNeverDropped() {
    Requests requests = requests(3);
    accept(requests, "a", 0, NOW, false);
    settle(requests, NOW + 2 * MINUTE);
    for (String trace : List.of("b", "c", "d")) {
      assertThat(accept(requests, trace, 0, NOW + 3 * MINUTE, false)).isEqualTo(Receipt.TAKEN);
    }
    assertThat(requests.losses().forgotten()).isEqualTo(1);
    assertThat(requests.full()).isTrue();
    assertThat(accept(requests, "e", 0, NOW + 3 * MINUTE, false)).isEqualTo(Receipt.REFUSED);
    settle(requests, NOW + 5 * MINUTE);
    assertThat(told).containsExactly("UNKNOWN", "UNKNOWN", "UNKNOWN", "UNKNOWN");
  }

  @Test
  void memoryIsGivenBackWhenTheLatenessIsOver() {
    Requests requests = requests(1_000);
    for (int i = 0; i < 500; i++) {
      accept(requests, "t" + i, 0, NOW, false);
    }
    settle(requests, NOW + 2 * MINUTE);
    assertThat(requests.kept()).isEqualTo(500);
    settle(requests, NOW + 62 * MINUTE);
    assertThat(requests.kept()).isZero();
  }

  @Test
  void spansOfNoStepLeaveNothingBehind() {
    Requests requests = requests(10);
    assertThat(requests.accept(span("a", 1, "other", NOW, NOW, true), NOW))
        .isEqualTo(Receipt.UNRELATED);
    assertThat(requests.waiting()).isZero();
  }

  @Test
  void aSampledRequestIsRefusedUnlessTheChainWeighs() {
    Span sampled =
        new Span(
            new Span.Ids("a", 1, 0),
            new Span.Place("service", "s0", Span.SpanKind.SERVER),
            new Span.Interval(NOW, NOW),
            false,
            java.util.Map.of(),
            10);
    Chain weighted =
        new Chain(
            chain(1, Retries.STRICT, Missing.EXCLUDED).steps(),
            Retries.STRICT,
            Missing.EXCLUDED,
            Chain.Sampling.WEIGHTED);
    Chain strict = chain(1, Retries.STRICT, Missing.EXCLUDED);
    assertThat(Judge.judge(strict, List.of(sampled)).orElseThrow().outcome())
        .isEqualTo(Outcome.SAMPLED);
    Verdict verdict = Judge.judge(weighted, List.of(sampled)).orElseThrow();
    assertThat(verdict.outcome()).isEqualTo(Outcome.GOOD);
    assertThat(verdict.weight()).isEqualTo(10);
  }
}
