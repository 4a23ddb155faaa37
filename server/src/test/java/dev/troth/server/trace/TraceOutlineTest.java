package dev.troth.server.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.trace.SpanView.Interval;
import dev.troth.server.trace.SpanView.Outcome;
import dev.troth.server.trace.SpanView.Place;
import dev.troth.server.trace.SpanView.Status;
import dev.troth.server.trace.TraceOutline.Version;
import dev.troth.slo.chain.Span.SpanKind;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TraceOutlineTest {

  private static SpanView span(int id, int parent, long startMicros) {
    @Nullable String above = parent == 0 ? null : "%016x".formatted(parent);
    return new SpanView(
        "%016x".formatted(id),
        above,
        new Place("s", "n" + id, SpanKind.SERVER),
        new Interval(startMicros, 10),
        new Outcome(id == 7 ? Status.ERROR : Status.OK, ""),
        Map.of(),
        List.of());
  }

  private static TraceOutline outline(SpanView... spans) {
    List<SpanView> sorted =
        Arrays.stream(spans)
            .sorted((a, b) -> Long.compare(a.time().startMicros(), b.time().startMicros()))
            .toList();
    return TraceOutline.of("t", sorted, 0, Instant.EPOCH, List.of(), new Version(1, 1));
  }

  /** Depth and id of each row. */
  private static String rows(TraceOutline outline) {
    long[] ids = outline.ids(0, outline.size());
    return IntStream.range(0, ids.length)
        .mapToObj(i -> outline.depth(i) + ":" + ids[i])
        .collect(Collectors.joining(" "));
  }

  @Test
  void parentsStandAboveTheirChildrenAndSiblingsByStart() {
    TraceOutline outline = outline(span(3, 1, 30), span(2, 1, 20), span(1, 0, 0), span(4, 2, 25));
    assertThat(rows(outline)).isEqualTo("0:1 1:2 2:4 1:3");
  }

  @Test
  void strangersAndCirclesStandAtTheTopAndNothingIsHidden() {
    TraceOutline outline =
        outline(span(9, 77, 5), span(1, 2, 1), span(2, 1, 2), span(6, 6, 0), span(5, 2, 3));
    assertThat(rows(outline)).isEqualTo("0:6 0:9 0:1 1:2 2:5");
  }

  @Test
  void itSaysWhatTheWholeTraceIs() {
    TraceOutline outline = outline(span(1, 0, 0), span(7, 1, 30));
    assertThat(outline.figures().root()).isEqualTo("n1");
    assertThat(outline.figures().micros()).isEqualTo(40);
    assertThat(outline.figures().errors()).isEqualTo(1);
    assertThat(outline.failures()).containsExactly(7);
  }

  @Test
  void aChainAsLongAsTheTraceIsLaidOut() {
    SpanView[] chain =
        IntStream.rangeClosed(1, 100_000).mapToObj(i -> span(i, i - 1, i)).toArray(SpanView[]::new);
    TraceOutline outline = outline(chain);
    assertThat(outline.ids(99_990, 100_000))
        .containsExactly(
            99_991, 99_992, 99_993, 99_994, 99_995, 99_996, 99_997, 99_998, 99_999, 100_000);
  }
}
