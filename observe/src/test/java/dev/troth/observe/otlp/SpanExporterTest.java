package dev.troth.observe.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.discovery.RuntimeKind;
import dev.troth.observe.discovery.Target;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.span.Labels;
import dev.troth.observe.span.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class SpanExporterTest {
  private static final Target TARGET =
      new Target(7, 1, RuntimeKind.NODE, "orders", Map.of("service.name", "orders"));
  private static final Reply AWAY = new Reply.Later("connection refused", Duration.ZERO);

  private final List<String> said = Collections.synchronizedList(new ArrayList<>());

  /** Answers what it is told to, and may be told to hang. */
  private static final class Receiver implements Transport {
    private final CountDownLatch asked = new CountDownLatch(1);
    private volatile Reply reply = AWAY;
    private volatile boolean hangs;

    private volatile Thread asking = Thread.currentThread();

    void release() {
      hangs = false;
      LockSupport.unpark(asking);
    }

    @Override
    public Reply send(Signal signal, byte[] message) {
      asking = Thread.currentThread();
      asked.countDown();
      while (hangs) {
        LockSupport.park();
      }
      return reply;
    }

    @Override
    public void close() {}
  }

  @Test
  void aBatchThatIsGivenUpIsSaidAtOnceAndCounted() {
    Receiver receiver = new Receiver();
    SpanExporter exporter = exporter(receiver, 100);
    exporter.accept(span());
    exporter.accept(span());
    exporter.start();
    Awaitility.await().until(() -> exporter.counters().dropped() == 2);
    Awaitility.await().until(() -> said.size() == 2);
    assertThat(said)
        .containsExactly(
            "spans wait: connection refused",
            "2 spans are dropped after 8 tries: connection refused");
    exporter.accept(span());
    Awaitility.await().until(() -> exporter.counters().dropped() == 3);
    receiver.reply = new Reply.Accepted();
    exporter.accept(span());
    Awaitility.await().until(() -> said.size() == 3);
    assertThat(said).last().isEqualTo("the receiver answers again: 3 spans were dropped");
    exporter.close();
    assertThat(exporter.counters()).isEqualTo(new SpanExporter.Counters(1, 3, 0));
  }

  @Test
  void aQueueThatIsFullIsSaidOnceAndCounted() {
    SpanExporter exporter = exporter(new Receiver(), 2); // it does not work yet
    for (int i = 0; i < 5; i++) {
      exporter.accept(span());
    }
    assertThat(said).containsExactly("spans are dropped: 2 wait already");
    assertThat(exporter.counters()).isEqualTo(new SpanExporter.Counters(0, 3, 2));
  }

  @Test
  void spansThatAreRefusedAfterAWaitAreSaidToo() {
    Receiver receiver = new Receiver();
    SpanExporter exporter = exporter(receiver, 100).start();
    exporter.accept(span());
    Awaitility.await().until(() -> !said.isEmpty());
    receiver.reply = new Reply.Refused("413");
    exporter.accept(span());
    Awaitility.await().until(() -> said.size() >= 2);
    exporter.close();
    assertThat(said).hasSize(2).first().asString().startsWith("spans wait");
    assertThat(said).last().asString().contains("dropped");
    assertThat(exporter.counters().dropped()).isEqualTo(2);
  }

  @Test
  void whatIsHeldWhenTheAgentEndsIsCountedAsDropped() throws Exception {
    Receiver receiver = new Receiver();
    receiver.hangs = true;
    SpanExporter exporter = exporter(receiver, 2_000);
    for (int i = 0; i < 700; i++) {
      exporter.accept(span());
    }
    exporter.start();
    receiver.asked.await();
    exporter.close();
    SpanExporter.Counters counters = exporter.counters();
    receiver.release();
    assertThat(counters).isEqualTo(new SpanExporter.Counters(0, 700, 0));
  }

  /** Its pauses are none. */
  private SpanExporter exporter(Receiver receiver, int limit) {
    return new SpanExporter(receiver, limit, new Backoff(new SplittableRandom(1), 1), said::add);
  }

  private static Span span() {
    return new Span(
        TARGET,
        Role.SERVER,
        1,
        2,
        3,
        0,
        "GET /",
        0,
        1,
        false,
        List.of(),
        new Labels("", List.of(), ""));
  }
}
