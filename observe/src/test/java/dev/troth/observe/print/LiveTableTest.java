package dev.troth.observe.print;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.discovery.RuntimeKind;
import dev.troth.observe.discovery.Target;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.span.Labels;
import dev.troth.observe.span.Span;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LiveTableTest {
  private static final long SECOND = 1_000_000_000;

  private final StringWriter screen = new StringWriter();
  private final LiveTable table = new LiveTable(new PrintWriter(screen), 6);

  @Test
  void tellsOfTheLastSecondBusiestFirst() {
    table.tick(SECOND);
    screen.getBuffer().setLength(0);
    for (int i = 0; i < 10; i++) {
      table.accept(span("GET /busy", 2_000_000, i == 0));
    }
    table.accept(span("GET /calm", 5_000_000, false));
    table.tick(SECOND + SECOND / 2);
    assertThat(screen.toString()).isEmpty();
    table.tick(3 * SECOND);
    assertThat(lines()).hasSize(3);
    assertThat(lines().get(0)).contains("service", "per s", "p99 ms");
    assertThat(lines().get(1).split("\\s+"))
        .containsExactly("orders", "server", "GET", "/busy", "5.0", "1", "2.00", "2.00", "10");
    assertThat(lines().get(2)).contains("GET /calm", "5.00");
    screen.getBuffer().setLength(0);
    table.tick(4 * SECOND);
    assertThat(lines().get(1).split("\\s+"))
        .containsExactly("orders", "server", "GET", "/busy", "0.0", "0", "-", "-", "10");
  }

  @Test
  void staysWithinTheTerminal() {
    for (int i = 0; i < 20; i++) {
      table.accept(span("GET /" + i, 1, false));
    }
    table.tick(SECOND);
    assertThat(lines()).hasSizeLessThanOrEqualTo(6);
    assertThat(lines().getLast()).isEqualTo("and 17 more");
  }

  private List<String> lines() {
    return screen.toString().replace("\033[H\033[2J", "").lines().toList();
  }

  private static Span span(String name, long nanos, boolean failed) {
    Target target = new Target(7, 1, RuntimeKind.NODE, "orders", Map.of());
    Labels labels = new Labels("http.server.request.duration", List.of(), "http.route");
    return new Span(target, Role.SERVER, 1, 2, 3, 0, name, 0, nanos, failed, List.of(), labels);
  }
}
