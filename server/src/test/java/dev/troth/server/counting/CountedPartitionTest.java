package dev.troth.server.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.server.TestPlatform;
import dev.troth.slo.chain.Requests.Limits;
import dev.troth.slo.chain.Span;
import dev.troth.slo.count.Delta;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.file.ObjectiveFiles;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Places, open requests and sums of a partition, without a broker. */
final class CountedPartitionTest {
  private static final String FILE =
      """
      apiVersion: troth.dev/v1
      kind: CompositeSLO
      metadata: {name: two}
      spec:
        service: two
        kind: exact
        missing: bad
        steps:
          - {name: first, match: {service: a}}
          - {name: second, match: {service: b}}
        timeWindow: [{duration: 30d, isRolling: true}]
        objectives: [{measure: availability, target: 0.99}]
      """;
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private final TestPlatform platform = TestPlatform.start();
  private final CountedPartition.Terms terms = terms();

  private static CountedPartition.Terms terms() {
    Loaded loaded = ObjectiveFiles.read(Map.of("two.yaml", FILE));
    assertThat(loaded.problems()).isEmpty();
    return new CountedPartition.Terms(loaded.objectives(), Limits.DEFAULT);
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private CountedPartition load() {
    return platform.database().read(handle -> CountedPartition.load(handle, terms, "spans", 2));
  }

  /** Saves; returns the requests that the new sums hold, and how many of them are bad. */
  private List<Long> save(CountedPartition partition, Instant now) {
    List<CountedSums> counted =
        platform
            .database()
            .write(handle -> {
              CountedPartition.save(handle, List.of(partition), now);
              // Before the platform, which has other objectives, takes them.
              return new CountedStore().take(handle);
            });
    partition.committed();
    long[] sums = new long[2];
    for (CountedSums sum : counted) {
      for (CountedSums.Sums objective : sum.objectives()) {
        for (Delta delta : objective.pending().buckets()) {
          sums[0] += delta.total();
          sums[1] += delta.bad(0);
        }
      }
    }
    return List.of(sums[0], sums[1]);
  }

  private static TraceMessage.Bytes message(String service, long id, Instant at) {
    long nanos = at.toEpochMilli() * 1_000_000;
    Span span =
        new Span(
            new Span.Ids("0af7651916cd43dd8448eb211c80319c", id, 0),
            new Span.Place(service, "work", Span.SpanKind.SERVER),
            new Span.Interval(nanos - 1, nanos),
            false,
            Map.of(),
            1);
    return TraceMessage.write(List.of(span), at).messages().getFirst();
  }

  private static void take(
      CountedPartition partition, long offset, TraceMessage.Bytes message, Instant now) {
    partition.take(offset, message.key(), message.value(), now);
  }

  @Test
  void whoGetsAPartitionGoesOnAtItsPlaceWithItsOpenRequests() {
    CountedPartition first = load();
    assertThat(first.next()).isEmpty();
    take(first, 7, message("a", 1, START), START);
    save(first, START);
    CountedPartition next = load();
    assertThat(next.next()).hasValue(8);
    take(next, 8, message("b", 2, START.plusSeconds(60)), START.plusSeconds(60));
    next.settle(START.plusSeconds(120));
    assertThat(save(next, START.plusSeconds(120))).isEqualTo(List.of(1L, 0L));
    // What was judged and counted counts no more for the one after.
    CountedPartition last = load();
    last.settle(START.plusSeconds(180));
    assertThat(save(last, START.plusSeconds(180))).isEqualTo(List.of(0L, 0L));
  }

  @Test
  void whoLostAPartitionWithoutKnowingCountsNothing() {
    CountedPartition paused = load();
    take(paused, 0, message("a", 1, START), START);
    save(paused, START);
    CountedPartition owner = load();
    owner.settle(START.plusSeconds(120));
    assertThat(save(owner, START.plusSeconds(120))).isEqualTo(List.of(1L, 1L));
    // The place in the topic is still the one that it knows.
    paused.settle(START.plusSeconds(130));
    assertThatThrownBy(() -> save(paused, START.plusSeconds(130)))
        .matches(thrown -> CountedPartition.isMovedOn((RuntimeException) thrown));
    assertThat(load().time()).isEqualTo(START.plusSeconds(120));
  }

  @Test
  void twoThatBeginAPartitionAtTheSameTimeAreOne() {
    CountedPartition one = load();
    CountedPartition other = load();
    take(one, 0, message("a", 1, START), START);
    take(other, 0, message("a", 1, START), START);
    save(one, START);
    assertThatThrownBy(() -> save(other, START))
        .matches(thrown -> CountedPartition.isMovedOn((RuntimeException) thrown));
  }

  @Test
  void whoReadsAnHourLateJudgesByTheTimesOfTheMessages() {
    Instant late = START.plus(Duration.ofMinutes(59));
    CountedPartition partition = load();
    take(partition, 0, message("a", 1, START), late);
    // The watermark has passed long ago, and nothing is said before the rest was read.
    assertThat(save(partition, late)).isEqualTo(List.of(0L, 0L));
    take(partition, 1, message("b", 2, START.plusSeconds(30)), late);
    partition.settle(late);
    assertThat(save(partition, late)).isEqualTo(List.of(1L, 0L));
  }

  @Test
  void aClockThatIsAheadDoesNotCarryAwayTheTimeOfAll() {
    CountedPartition partition = load();
    take(partition, 0, message("a", 1, START.plusSeconds(7_200)), START);
    assertThat(partition.time()).isEqualTo(START);
  }

  @Test
  void spansOfOneTraceAreCutIntoMessagesThatABrokerTakes() {
    String much = "x".repeat(200_000);
    List<Span> spans =
        List.of(span(1, much), span(2, much), span(3, "y".repeat(1_000_000)), span(4, much));
    TraceMessage.Written written = TraceMessage.write(spans, START);
    assertThat(written.tooLong()).isEqualTo(1);
    assertThat(written.messages()).hasSize(3);
    assertThat(
            written.messages().stream()
                .map(one -> TraceMessage.read(one.key(), one.value()))
                .flatMap(one -> one.spans().stream()))
        .containsExactly(spans.get(0), spans.get(1), spans.get(3));
  }

  private static Span span(long id, String value) {
    return new Span(
        new Span.Ids("0af7651916cd43dd8448eb211c80319c", id, 0),
        new Span.Place("a", "work", Span.SpanKind.SERVER),
        new Span.Interval(1, 2),
        false,
        Map.of("k", value),
        1);
  }
}
