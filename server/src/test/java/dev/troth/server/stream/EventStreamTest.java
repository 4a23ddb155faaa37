package dev.troth.server.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What goes to the wire, and how often. */
class EventStreamTest {
  private final ByteArrayOutputStream wire = new ByteArrayOutputStream();
  private int writes;
  private int flushes;
  private final EventStream stream =
      new EventStream(
          new OutputStream() {
            @Override
            public void write(int one) {
              throw new AssertionError("one byte by itself");
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
              writes++;
              wire.write(bytes, from, length);
            }

            @Override
            public void flush() {
              flushes++;
            }
          });

  @Test
  void whatIsSaidTogetherIsSentOnce() throws IOException {
    stream.retry(Duration.ofSeconds(2));
    stream.event("hello", "e-1", Map.of("seq", 1));
    stream.add(EventStream.written("change", "e-2", Map.of("seq", 2)));
    stream.event("moved", Map.of("seq", 2));
    stream.heartbeat();
    assertThat(writes).as("before it is sent").isZero();
    stream.send();
    assertThat(writes).isEqualTo(1);
    assertThat(flushes).isEqualTo(1);
    assertThat(wire.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            retry: 2000

            id: e-1
            event: hello
            data: {"seq":1}

            id: e-2
            event: change
            data: {"seq":2}

            event: moved
            data: {"seq":2}

            : still here

            """);
    stream.send();
    assertThat(writes).as("nothing was said since").isEqualTo(1);
  }

  @Test
  void muchIsSentBeforeItIsAllGathered() throws IOException {
    for (int i = 0; i < 100; i++) {
      stream.event("change", "e-" + i, Map.of("text", "x".repeat(1_000)));
    }
    assertThat(wire.size()).as("sent on the way").isGreaterThan(80_000);
    stream.send();
    assertThat(wire.size()).isGreaterThan(100_000);
    assertThat(writes).isBetween(5, 10);
  }

  @Test
  void aChangeIsWrittenOnceForAllStreamsAndOldOnesTakeNoNewOnesPlace() {
    WrittenChanges changes = new WrittenChanges();
    AtomicInteger written = new AtomicInteger();
    for (int reader = 0; reader < 10; reader++) {
      for (long seq = 1_000; seq < 1_100; seq++) {
        long one = seq;
        byte[] event =
            changes.of(
                seq,
                () -> {
                  var _ = written.incrementAndGet();
                  return Long.toString(one).getBytes(StandardCharsets.UTF_8);
                });
        assertThat(event).asString(StandardCharsets.UTF_8).isEqualTo(Long.toString(seq));
      }
      // Somebody is far behind.
      for (long seq = 1; seq < 1_000; seq++) {
        long one = seq;
        byte[] event = changes.of(seq, () -> Long.toString(one).getBytes(StandardCharsets.UTF_8));
        assertThat(event).asString(StandardCharsets.UTF_8).isEqualTo(Long.toString(seq));
      }
    }
    assertThat(written.get()).isEqualTo(100);
  }
}
