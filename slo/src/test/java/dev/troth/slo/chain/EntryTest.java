package dev.troth.slo.chain;

import static dev.troth.slo.ObjectivesForTests.chain;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.slo.chain.Chain.Missing;
import dev.troth.slo.chain.Chain.Retries;
import dev.troth.slo.chain.Requests.Limits;
import dev.troth.slo.chain.Span.SpanKind;
import dev.troth.slo.chain.Verdict.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which spans make a request, and how many requests a trace holds. */
final class EntryTest {
  private static final long NOW = 1_800_000_000_000L;
  private static final Chain CHAIN = chain(2, Retries.STRICT, Missing.BAD);

  private final Requests requests = new Requests(List.of(CHAIN), Limits.DEFAULT);
  private final List<Verdict> verdicts = new ArrayList<>();

  private static Span span(String trace, long id, long parent, String name, int at, boolean bad) {
    long start = (NOW + at) * 1_000_000L;
    return new Span(
        new Span.Ids(trace, id, parent),
        new Span.Place("service", name, SpanKind.SERVER),
        new Span.Interval(start, start + 4_000_000),
        bad,
        Map.of(),
        1);
  }

  private List<Outcome> outcomes(List<Span> spans) {
    spans.forEach(span -> requests.accept(span, NOW + 5_000));
    requests.settle(
        NOW + 5_000 + Limits.DEFAULT.watermark().toMillis(),
        (chain, before, after) -> verdicts.add(after));
    return verdicts.stream().map(Verdict::outcome).toList();
  }

  @Test
  void spansOfTracesWithoutTheEntryBelongToNobody() {
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      spans.add(span("good" + i, 1, 0, "s0", 0, false));
      spans.add(span("good" + i, 2, 1, "s1", 1, false));
    }
    for (int i = 0; i < 50; i++) {
      spans.add(span("nobody" + i, 1, 0, "s1", 0, true));
    }
    assertThat(outcomes(spans)).hasSize(100).containsOnly(Outcome.GOOD);
    requests.settle(NOW + 3 * 3_600_000L, (chain, before, after) -> verdicts.add(after));
    assertThat(verdicts).hasSize(100);
    assertThat(requests.losses().strangers()).isEqualTo(50);
  }

  @Test
  void aTraceWithAHundredEntriesIsAHundredRequests() {
    List<Span> spans = new ArrayList<>();
    spans.add(span("batch", 1, 0, "batch job", 0, false));
    for (int i = 0; i < 100; i++) {
      long entry = 1_000 + 10 * i;
      spans.add(span("batch", entry, 1, "s0", i, false));
      // The handler between entry and step is of no step.
      spans.add(span("batch", entry + 1, entry, "handler", i, false));
      spans.add(span("batch", entry + 2, entry + 1, "s1", i, i == 7));
    }
    Collections.shuffle(spans, new Random(3));
    assertThat(outcomes(spans))
        .hasSize(100)
        .filteredOn(outcome -> outcome == Outcome.BAD)
        .hasSize(1);
  }

  @Test
  void ofNestedEntriesTheNearestOwnsASpan() {
    List<Span> spans =
        List.of(
            span("t", 1, 0, "s0", 0, false),
            span("t", 2, 1, "s1", 1, false),
            span("t", 3, 2, "s0", 1, false),
            span("t", 4, 3, "s1", 2, true));
    assertThat(outcomes(spans)).containsExactlyInAnyOrder(Outcome.GOOD, Outcome.BAD);
  }

  @Test
  void whereCallersAreLostTheOneEntryUnderWayOwnsASpanAndOfTwoNone() {
    List<Span> alone =
        List.of(
            span("a", 1, 0, "s0", 0, false),
            span("a", 2, 99, "s1", 2, false),
            span("a", 3, 0, "s0", 100, false),
            span("a", 4, 98, "s1", 102, false));
    assertThat(outcomes(alone)).containsExactly(Outcome.GOOD, Outcome.GOOD);
    verdicts.clear();
    List<Span> both =
        List.of(
            span("b", 1, 0, "s0", 0, false),
            span("b", 2, 0, "s0", 1, false),
            span("b", 3, 99, "s1", 2, true));
    // Whose failure it is cannot be known; what either needed was never seen.
    assertThat(outcomes(both)).containsExactly(Outcome.UNKNOWN, Outcome.UNKNOWN);
  }

  @Test
  void spansThatCallEachOtherInACircleEndTheSearch() {
    List<Span> circle =
        List.of(
            span("c", 1, 0, "s0", 0, false),
            span("c", 2, 0, "s0", 1, false),
            span("c", 5, 6, "s1", 2, false),
            span("c", 6, 5, "s1", 3, false));
    assertThat(outcomes(circle)).hasSize(2);
  }
}
