package dev.troth.server.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.endpoint.EndpointStore;
import dev.troth.server.event.EventStore;
import dev.troth.server.record.RecordStore;
import dev.troth.server.stream.StreamReader;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is kept no longer than the changes, and what outlives them. */
final class RetentionTest {
  private final TestPlatform platform = TestPlatform.start();

  @AfterEach
  void stop() {
    platform.close();
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

  private long version(int record, String value) {
    return platform
        .put("/api/records/" + record, "{\"name\":\"r\",\"value\":\"%s\"}".formatted(value))
        .json()
        .get("version")
        .asLong();
  }

  private long count(String table) {
    return platform
        .database()
        .read(
            handle -> handle.createQuery("SELECT count(*) FROM " + table).mapTo(Long.class).one());
  }

  private int purge() {
    platform.clock().advance(Duration.ofDays(100));
    SqliteChangeLog log = new SqliteChangeLog(platform.database(), platform.clock());
    return new Retention(
            platform.database(),
            platform.clock(),
            Duration.ofDays(90),
            List.of(new EventStore(log), new RecordStore(log), new EndpointStore(platform.clock())))
        .remove();
  }

  @Test
  void subjectsAndParticipantsGoWithTheirChangesButARecordKeepsItsVersion() {
    for (int i = 0; i < 40; i++) {
      publish(Integer.toString(i));
    }
    assertThat(version(1, "a")).isEqualTo(1);
    assertThat(version(1, "b")).isEqualTo(2);
    assertThat(count("subject")).isEqualTo(41);
    assertThat(purge()).isEqualTo(42);
    assertThat(count("subject")).isEqualTo(1);
    assertThat(count("participant")).isZero();
    assertThat(count("event_seen")).isZero();
    assertThat(version(1, "c")).isEqualTo(3);
  }

  @Test
  void whoChangedASubjectIsKnownWhileAChangeSaysSo() {
    publish("1");
    platform.clock().advance(Duration.ofDays(50));
    assertThat(platform.post("/api/events", event2(), "Content-Type", CLOUD_EVENT).status())
        .isEqualTo(200);
    assertThat(count("participant")).isEqualTo(2);
    SqliteChangeLog log = new SqliteChangeLog(platform.database(), platform.clock());
    platform.clock().advance(Duration.ofDays(50));
    assertThat(
            new Retention(
                    platform.database(),
                    platform.clock(),
                    Duration.ofDays(90),
                    List.of(new EventStore(log)))
                .remove())
        .isEqualTo(1);
    assertThat(count("participant")).isEqualTo(1);
    assertThat(count("subject")).isEqualTo(1);
  }

  private static final String CLOUD_EVENT = "application/cloudevents+json";

  private static String event2() {
    return "{\"specversion\":\"1.0\",\"id\":\"x\",\"source\":\"/other\",\"type\":\"t\","
        + "\"subject\":\"order/1\",\"data\":{}}";
  }

  @Test
  void aClientBehindWhatWasRemovedIsTold() {
    publish("1");
    String position;
    try (StreamReader stream = StreamReader.open(platform, "/api/stream")) {
      position = stream.next().id();
    }
    publish("2");
    assertThat(purge()).isEqualTo(2);
    publish("3");
    for (String behind : List.of(position, "0")) {
      try (StreamReader stream =
          StreamReader.open(platform, "/api/stream", "Last-Event-ID", behind)) {
        assertThat(stream.next().name()).isEqualTo("hello");
        assertThat(stream.next().name()).isEqualTo("reset");
      }
    }
  }

  @Test
  void theLogGoesOnWhereItWasAfterAllWasRemoved() {
    publish("1");
    publish("2");
    assertThat(purge()).isEqualTo(2);
    platform.restart();
    try (StreamReader stream = StreamReader.open(platform, "/api/stream")) {
      assertThat(stream.next().data().get("seq").asLong()).isEqualTo(2);
    }
  }
}
