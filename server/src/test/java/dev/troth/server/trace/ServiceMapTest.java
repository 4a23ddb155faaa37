package dev.troth.server.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.trace.ServiceMap.Calls;
import dev.troth.server.trace.ServiceMap.Edge;
import dev.troth.server.trace.ServiceMap.Node;
import dev.troth.slo.chain.Span;
import dev.troth.slo.chain.Span.SpanKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceMapTest {
  private static final long MILLI = 1_000_000;

  private static Span span(
      long id, long parent, String service, SpanKind kind, long millis, boolean error, String db) {
    return new Span(
        new Span.Ids("t", id, parent),
        new Span.Place(service, "work", kind),
        new Span.Interval(0, millis * MILLI),
        error,
        db.isEmpty() ? Map.of() : Map.of("db.system.name", db),
        1);
  }

  @Test
  void aCallIsASpanWhoseParentIsOfAnotherService() {
    ServiceMap map =
        ServiceMap.of(
            List.of(
                span(1, 0, "api", SpanKind.SERVER, 30, false, ""),
                span(2, 1, "api", SpanKind.CLIENT, 20, false, ""),
                span(3, 2, "store", SpanKind.SERVER, 10, true, ""),
                span(4, 1, "api", SpanKind.CLIENT, 20, false, ""),
                span(5, 4, "store", SpanKind.SERVER, 12, false, "")));
    assertThat(map.edges()).containsExactly(new Edge("api", "store", calls(2, 1, 10, 12)));
    assertThat(map.nodes())
        .containsExactly(
            new Node("api", true, calls(1, 0, 30, 30)),
            new Node("store", true, calls(2, 1, 10, 12)));
  }

  /** Calls with these percentiles, in milliseconds, of which no span tells a round trip. */
  private static Calls calls(int count, int failed, long p50, long most) {
    return new Calls(count, failed, p50 * MILLI, most * MILLI, most * MILLI, 0);
  }

  @Test
  void theRoundTripOfAnEdgeIsTheMedianOfWhatItsSpansTell() {
    List<Span> spans = new ArrayList<>(List.of(span(1, 0, "api", SpanKind.CLIENT, 9, false, "")));
    for (String micros : List.of("120", "90", "4000", "", "x")) {
      long id = 2 + spans.size();
      Span plain = span(id, 1, "store", SpanKind.SERVER, 5, false, "");
      spans.add(
          new Span(
              plain.ids(),
              plain.place(),
              plain.time(),
              false,
              Map.of("troth.tcp.rtt_us", micros),
              1));
    }
    assertThat(ServiceMap.of(spans).edges())
        .extracting(edge -> edge.calls().roundTrip())
        .containsExactly(120L);
  }

  @Test
  void aDatabaseThatSendsNoSpansIsSeenByWhoCallsIt() {
    ServiceMap map =
        ServiceMap.of(
            List.of(
                span(1, 0, "store", SpanKind.SERVER, 30, false, ""),
                span(2, 1, "store", SpanKind.CLIENT, 5, false, "postgresql")));
    assertThat(map.edges()).containsExactly(new Edge("store", "postgresql", calls(1, 0, 5, 5)));
    assertThat(map.nodes()).contains(new Node("postgresql", false, calls(1, 0, 5, 5)));
  }

  @Test
  void aSpanWhoseParentWasNotSeenCallsNobody() {
    assertThat(ServiceMap.of(List.of(span(3, 2, "store", SpanKind.SERVER, 10, false, ""))).edges())
        .isEmpty();
    assertThat(ServiceMap.of(List.of())).isEqualTo(ServiceMap.EMPTY);
  }
}
