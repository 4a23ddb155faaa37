package dev.troth.orders.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.orders.consumer.SseReader.Event;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SseReaderTest {
  @Test
  void readsEventsWithTheirIdAndType() throws IOException {
    assertThat(read("id: 7\nevent: change\ndata: {}\n\n"))
        .containsExactly(new Event("7", "change", "{}"));
  }

  @Test
  void anEventWithoutAnIdHasTheLastOne() throws IOException {
    assertThat(read("id: 7\ndata: a\n\ndata: b\n\n"))
        .containsExactly(new Event("7", "message", "a"), new Event("7", "message", "b"));
  }

  @Test
  void linesOfDataAreJoinedAndEveryKindOfLineEndCounts() throws IOException {
    assertThat(read("data: a\r\ndata:b\r\r\n")).containsExactly(new Event("", "message", "a\nb"));
  }

  @Test
  void commentsUnknownFieldsAndEventsWithoutDataArePassedOver() throws IOException {
    assertThat(read(": hi\n\nretry: 5\nevent: x\n\ncolour: red\ndata: a\n\n"))
        .containsExactly(new Event("", "message", "a"));
  }

  @Test
  void halfAnEventAtTheEndDoesNotCount() throws IOException {
    assertThat(read("id: 7\ndata: a\n")).isEmpty();
  }

  @Test
  void anEndlessEventIsRefused() {
    assertThatThrownBy(() -> read(("data: " + "x".repeat(9_999) + "\n").repeat(200)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("longer than");
  }

  private static List<Event> read(String text) throws IOException {
    SseReader reader = new SseReader(new ByteArrayInputStream(text.getBytes(UTF_8)), "");
    List<Event> events = new ArrayList<>();
    for (var event = reader.next(); event.isPresent(); event = reader.next()) {
      events.add(event.get());
    }
    return events;
  }
}
