package dev.troth.observe.print;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.discovery.RuntimeKind;
import dev.troth.observe.discovery.Target;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.span.Attribute;
import dev.troth.observe.span.Labels;
import dev.troth.observe.span.Span;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SpanLinesTest {
  @Test
  void aLineHasTimeServiceNameStatusDurationAndIds() {
    StringWriter text = new StringWriter();
    try (PrintWriter out = new PrintWriter(text)) {
      new SpanLines(out).accept(span(0x1f, 0, "GET /orders/{id}"));
      new SpanLines(out).accept(span(0x1f, 0xabc, "x".repeat(40)));
    }
    assertThat(text.toString().lines())
        .containsExactly(
            "00:00:01.500  orders             client GET /orders/{id}                    "
                + "200    12.346 ms  0000000000000001ffffffffffffffff/000000000000001f",
            "00:00:01.500  orders             client "
                + "x".repeat(40)
                + "  200    12.346 ms  0000000000000001ffffffffffffffff/000000000000001f"
                + " of 0000000000000abc");
  }

  @Test
  void namesOfOthersNeitherSteerTheTerminalNorForgeALine() {
    StringWriter text = new StringWriter();
    try (PrintWriter out = new PrintWriter(text)) {
      new SpanLines(out).accept(span("ev\u001b[31m\u0007\nfake", "GET /\u202e\r\u009b2J"));
    }
    assertThat(text.toString())
        .contains("ev\uFFFD[31m\uFFFD\uFFFDfake", "GET /\uFFFD\uFFFD\uFFFD2J")
        .hasLineCount(1);
  }

  private static Span span(long id, long parent, String name) {
    return span(id, parent, "orders", name);
  }

  private static Span span(String service, String name) {
    return span(0x1f, 0, service, name);
  }

  private static Span span(long id, long parent, String service, String name) {
    return new Span(
        new Target(1, 1, RuntimeKind.NODE, service, Map.of()),
        Role.CLIENT,
        1,
        -1,
        id,
        parent,
        name,
        1_500_000_000L,
        1_512_345_678L,
        false,
        List.of(Attribute.of("http.response.status_code", 200)),
        new Labels("http.client.request.duration", List.of(), "url.template"));
  }
}
