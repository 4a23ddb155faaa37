package dev.troth.server.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.trace.ServiceMap.Calls;
import dev.troth.server.trace.ServiceMap.Edge;
import dev.troth.server.trace.ServiceMap.Node;
import dev.troth.slo.chain.Span;
import dev.troth.slo.chain.Span.SpanKind;
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
    assertThat(map.edges()).containsExactly(new Edge("api", "store", new Calls(2, 1, 12 * MILLI)));
    assertThat(map.nodes())
        .containsExactly(
            new Node("api", true, new Calls(1, 0, 30 * MILLI)),
            new Node("store", true, new Calls(2, 1, 12 * MILLI)));
  }

  @Test
  void aDatabaseThatSendsNoSpansIsSeenByWhoCallsIt() {
    ServiceMap map =
        ServiceMap.of(
            List.of(
                span(1, 0, "store", SpanKind.SERVER, 30, false, ""),
                span(2, 1, "store", SpanKind.CLIENT, 5, false, "postgresql")));
    assertThat(map.edges())
        .containsExactly(new Edge("store", "postgresql", new Calls(1, 0, 5 * MILLI)));
    assertThat(map.nodes()).contains(new Node("postgresql", false, new Calls(1, 0, 5 * MILLI)));
  }

  @Test
  void aSpanWhoseParentWasNotSeenCallsNobody() {
    assertThat(ServiceMap.of(List.of(span(3, 2, "store", SpanKind.SERVER, 10, false, ""))).edges())
        .isEmpty();
    assertThat(ServiceMap.of(List.of())).isEqualTo(ServiceMap.EMPTY);
  }
}
