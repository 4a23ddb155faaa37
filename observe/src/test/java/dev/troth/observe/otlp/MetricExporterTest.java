package dev.troth.observe.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.discovery.RuntimeKind;
import dev.troth.observe.discovery.Target;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.metrics.OwnUse;
import dev.troth.observe.metrics.RequestMetrics;
import dev.troth.observe.metrics.Unseen;
import dev.troth.observe.span.Attribute;
import dev.troth.observe.span.Labels;
import dev.troth.observe.span.Span;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MetricExporterTest {
  private static final Target TARGET =
      new Target(7, 1, RuntimeKind.NODE, "orders", Map.of("service.name", "orders"));
  private static final Self SELF = new Self("build-7", 41);
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  /** Answers in turn and keeps what was sent. */
  private static final class Receiver implements Transport {
    final List<byte[]> messages = Collections.synchronizedList(new ArrayList<>());
    Reply reply = new Reply.Accepted();

    @Override
    public Reply send(Signal signal, byte[] message) {
      assertThat(signal).isEqualTo(Signal.METRICS);
      messages.add(message);
      return reply;
    }

    @Override
    public void close() {}
  }

  @Test
  void tellsDurationsAsHistogramsWhenItEnds() {
    Receiver receiver = new Receiver();
    RequestMetrics metrics = new RequestMetrics();
    MetricExporter exporter = exporter(receiver, metrics, new ArrayList<>());
    metrics.add(span(Role.SERVER, "http.route", 200, Duration.ofMillis(7)));
    metrics.add(span(Role.SERVER, "http.route", 200, Duration.ofMillis(60)));
    metrics.add(span(Role.SERVER, "http.route", 503, Duration.ofMillis(1)));
    metrics.add(span(Role.CLIENT, "url.template", 404, Duration.ofSeconds(11)));
    exporter.close();
    assertThat(receiver.messages).hasSize(1);
    ProtoReader message = new ProtoReader(receiver.messages.getFirst());
    assertThat(message.texts(1, 2, 2, 1))
        .containsExactlyInAnyOrder("http.server.request.duration", "http.client.request.duration");
    assertThat(message.texts(1, 2, 2, 3)).containsOnly("s");
    assertThat(message.longs(1, 2, 2, 9, 1, 4)).containsExactlyInAnyOrder(2L, 1L, 1L);
    assertThat(message.longs(1, 2, 2, 9, 1, 6)).hasSize(3 * 15);
    assertThat(message.longs(1, 2, 2, 9, 1, 6).stream().mapToLong(Long::longValue).sum())
        .isEqualTo(4);
    assertThat(message.longs(1, 2, 2, 9, 1, 7)).hasSize(3 * 14);
    assertThat(message.longs(1, 2, 2, 9, 1, 3)).containsOnly(NOW.getEpochSecond() * 1_000_000_000L);
    assertThat(message.texts(1, 2, 2, 9, 1, 9, 1))
        .contains("http.route", "url.template", "http.response.status_code");
    assertThat(message.texts(1, 2, 2, 9, 1, 9, 2, 1)).contains("GET", "/orders");
  }

  @Test
  void saysNothingWhenNothingWasMeasured() {
    Receiver receiver = new Receiver();
    exporter(receiver, new RequestMetrics(), new ArrayList<>()).close();
    assertThat(receiver.messages).isEmpty();
  }

  @Test
  void saysOnceThatTheReceiverRefuses() {
    Receiver receiver = new Receiver();
    receiver.reply = new Reply.Refused("404");
    List<String> said = Collections.synchronizedList(new ArrayList<>());
    RequestMetrics metrics = new RequestMetrics();
    metrics.add(span(Role.SERVER, "http.route", 200, Duration.ofMillis(1)));
    exporter(receiver, metrics, said).close();
    assertThat(said).containsExactly("metrics are refused: 404");
  }

  @Test
  void theHeartbeatTellsWhatWasNotSeenOfEachService() {
    Heartbeat heartbeat =
        new Heartbeat(
            SELF,
            () -> true,
            () ->
                new Heartbeat.Losses(
                    9,
                    8,
                    7,
                    List.of(
                        new Unseen("", 0, 0, 0, 0, 0, 0), new Unseen("orders", 1, 2, 3, 4, 5, 6))),
            () -> new OwnUse(2_500_000_000L, 48_000_000));
    ProtoReader message = new ProtoReader(heartbeat.message(1, 2));
    assertThat(message.texts(1, 2, 2, 1))
        .startsWith(Heartbeat.LOST, Heartbeat.DROPPED, Heartbeat.STALLS, Heartbeat.STOPPED)
        .contains(Heartbeat.UNSEEN, Heartbeat.UNJOINED, Heartbeat.UNREAD)
        .endsWith(Heartbeat.CPU, Heartbeat.MEMORY)
        .hasSize(4 + 2 * 6 + 2);
    assertThat(message.longs(1, 2, 2, 7, 1, 6))
        .containsExactly(
            9L, 8L, 7L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L, 2L, 3L, 4L, 5L, 6L, 48_000_000L);
    assertThat(message.longs(1, 2, 2, 7, 1, 4)).containsExactly(Double.doubleToRawLongBits(2.5));
    assertThat(message.texts(1, 2, 2, 3)).containsExactly("s", "By");
    assertThat(message.texts(1, 2, 2, 7, 1, 7, 2, 1))
        .contains("orders", "lost", "abandoned", "dropped", "sampled");
  }

  private static MetricExporter exporter(
      Receiver receiver, RequestMetrics metrics, List<String> said) {
    return new MetricExporter(
            receiver,
            new DurationReport(SELF, metrics),
            Duration.ofDays(1),
            Clock.fixed(NOW, ZoneOffset.UTC),
            said::add)
        .start();
  }

  private static Span span(Role role, String route, int status, Duration took) {
    return new Span(
        TARGET,
        role,
        1,
        2,
        3,
        0,
        "GET /orders",
        0,
        took.toNanos(),
        status >= 500,
        List.of(),
        new Labels(
            role == Role.SERVER ? "http.server.request.duration" : "http.client.request.duration",
            List.of(
                Attribute.of("http.request.method", "GET"),
                Attribute.of(route, "/orders"),
                Attribute.of("http.response.status_code", status)),
            route));
  }
}
