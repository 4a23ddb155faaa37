package dev.troth.server.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.server.TestPlatform;
import dev.troth.server.db.BackupStore;
import dev.troth.server.stream.StreamReader.Event;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class StreamRoutesTest {
  private final TestPlatform platform = TestPlatform.start();

  @AfterEach
  void stop() {
    platform.close();
  }

  private void update(String value) {
    assertThat(platform.post("/api/update/1", "{\"value\":\"" + value + "\"}").status())
        .isEqualTo(200);
  }

  private void publish(String id) {
    String event =
        """
        {"specversion":"1.0","id":"%s","source":"/s","type":"t","subject":"order/%s","data":{}}
        """
            .formatted(id, id);
    assertThat(
            platform
                .send("POST", "/api/events", event, "Content-Type", "application/cloudevents+json")
                .status())
        .isEqualTo(200);
  }

  /** Where the log stands. */
  private String position() {
    try (StreamReader stream = StreamReader.open(platform, "/api/stream")) {
      return stream.next().id();
    }
  }

  private List<String> namesAfter(String position, int count) {
    List<String> names = new ArrayList<>();
    try (StreamReader stream =
        StreamReader.open(platform, "/api/stream", "Last-Event-ID", position)) {
      for (int i = 0; i < count; i++) {
        Event event = stream.next();
        names.add(event.name() + (event.name().equals("change") ? event.data().get("seq") : ""));
      }
    }
    return names;
  }

  @Test
  void aClientGoesOnOverRestarts() {
    update("a");
    String first = position();
    update("b");
    platform.restart();
    update("c");
    assertThat(namesAfter(first, 3)).containsExactly("hello", "change2", "change3");
    platform.restart();
    assertThat(namesAfter(first, 3)).containsExactly("hello", "change2", "change3");
  }

  @Test
  void aClientThatIsAheadOfARestoredBackupIsTold() {
    assumeTrue(platform.isOnSqlite(), "a backup is a copy of SQLite's file");
    update("a");
    update("b");
    String kept = position();
    Path backup = platform.folder().resolve("backup.db");
    BackupStore.copy(platform.folder().resolve("troth.db"), backup);
    for (int i = 0; i < 10; i++) {
      update("lost " + i);
    }
    String ahead = position();
    platform.stop();
    BackupStore.restore(
        backup, platform.folder().resolve("troth.db"), platform.folder().resolve("before.db"));
    platform.restart();
    for (int i = 0; i < 20; i++) {
      update("new " + i);
    }
    assertThat(namesAfter(ahead, 2)).containsExactly("hello", "reset");
    assertThat(namesAfter(kept, 2)).containsExactly("hello", "change3");
  }

  @Test
  void aStreamTellsEachChangeAndTheCallersOwnNotifications() {
    assertThat(platform.post("/api/watches", "{\"target\":\"order/*\"}").status()).isEqualTo(201);
    try (StreamReader stream = StreamReader.open(platform, "/api/stream")) {
      Event hello = stream.next();
      assertThat(hello.name()).isEqualTo("hello");
      assertThat(stream.retryMillis()).isEqualTo(2_000);
      assertThat(hello.data().get("epoch").asString()).hasSize(16);
      assertThat(hello.data().get("seq").asLong()).isZero();

      update("a");
      Event change = stream.next();
      assertThat(change.name()).isEqualTo("change");
      assertThat(change.id()).matches("[0-9a-f]{12}-1");
      assertThat(change.data().at("/after/value").asString()).isEqualTo("a");

      publish("7");
      assertThat(stream.next().data().get("subject").asString()).isEqualTo("order/7");
      Event told = stream.next();
      assertThat(told.name()).isEqualTo("inbox");
      assertThat(told.data().get("unread").asInt()).isEqualTo(1);
      assertThat(told.data().at("/item/id").asString()).isEqualTo("2");

      assertThat(platform.post("/api/inbox/2/read", "").json().get("unread").asInt()).isZero();
      Event read = stream.next();
      assertThat(read.name()).isEqualTo("inbox");
      assertThat(read.data().get("unread").asInt()).isZero();
    }
  }

  @Test
  void aStreamGoesOnAfterTheLastEventAndOnlyForItsTargets() {
    update("a");
    publish("1");
    String second = position();
    update("b");
    publish("2");
    try (StreamReader stream =
        StreamReader.open(platform, "/api/stream?target=order/*", "Last-Event-ID", second)) {
      assertThat(stream.next().name()).isEqualTo("hello");
      assertThat(stream.next().id()).endsWith("-4");
    }
  }

  @Test
  void aPositionThatTheLogDoesNotHaveIsReset() {
    update("a");
    for (String position :
        List.of("9", "-3", "x", "1", "000000000000-1", position().replace("-1", "-2"))) {
      try (StreamReader stream =
          StreamReader.open(platform, "/api/stream", "Last-Event-ID", position)) {
        assertThat(stream.next().name()).isEqualTo("hello");
        Event reset = stream.next();
        assertThat(reset.name()).isEqualTo("reset");
        assertThat(reset.data().get("seq").asLong()).isEqualTo(1);
        assertThat(reset.id()).isEqualTo(position());
      }
    }
  }

  @Test
  void aStreamReadsTheDatabaseForWhatMemoryHasNot() {
    for (int i = 0; i < 20; i++) {
      publish(Integer.toString(i));
    }
    platform.restart();
    update("a");
    try (StreamReader stream = StreamReader.open(platform, "/api/stream", "Last-Event-ID", "0")) {
      assertThat(stream.next().name()).isEqualTo("hello");
      for (int i = 1; i <= 21; i++) {
        assertThat(stream.next().id()).endsWith("-" + i);
      }
    }
  }

  @Test
  void aUsersStreamsAreBounded() {
    List<StreamReader> open = new ArrayList<>();
    try {
      for (int i = 0; i < 32; i++) {
        open.add(StreamReader.open(platform, "/api/stream"));
        assertThat(open.getLast().next().name()).isEqualTo("hello");
      }
      try (StreamReader oneTooMany = StreamReader.open(platform, "/api/stream")) {
        assertThat(oneTooMany.status()).isEqualTo(429);
      }
    } finally {
      open.forEach(StreamReader::close);
    }
  }
}
