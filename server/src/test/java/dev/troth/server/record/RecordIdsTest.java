package dev.troth.server.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a record's id and version promise. */
final class RecordIdsTest {
  private final TestPlatform platform = TestPlatform.start();

  @AfterEach
  void stop() {
    platform.close();
  }

  private Answer add(String name) {
    return platform.post("/api/records", "{\"name\":\"%s\",\"value\":\"v\"}".formatted(name));
  }

  @Test
  void anIdNeverReturnsAndANewRecordBeginsAtItsFirstVersion() {
    long first = add("one").json().get("id").asLong();
    platform.post("/api/watches", "{\"user\":\"ann\",\"target\":\"record/%d\"}".formatted(first));
    assertThat(platform.delete("/api/records/" + first).status()).isEqualTo(200);
    platform.restart();
    Answer second = add("two");
    assertThat(second.json().get("id").asLong()).isEqualTo(first + 1);
    assertThat(second.json().get("version").asLong()).isEqualTo(1);
    assertThat(platform.get("/api/inbox/unread?user=ann").json().get("unread").asInt())
        .isEqualTo(1);
  }

  @Test
  void anIdThatAClientChoseIsNotGivenAgain() {
    String body = "{\"name\":\"r\",\"value\":\"v\"}";
    assertThat(platform.put("/api/records/500", body).status()).isEqualTo(201);
    assertThat(platform.delete("/api/records/500").status()).isEqualTo(200);
    assertThat(add("next").json().get("id").asLong()).isEqualTo(501);
    assertThat(platform.put("/api/records/1000000000000000", body).status()).isEqualTo(201);
    assertThat(platform.put("/api/records/9223372036854775807", body).status()).isEqualTo(422);
    assertThat(platform.put("/api/records/0", body).status()).isEqualTo(422);
    assertThat(add("behind").json().get("id").asLong()).isEqualTo(1_000_000_000_000_001L);
    assertThat(platform.put("/api/records/1000000000000001", body).status()).isEqualTo(200);
  }

  @Test
  void theSameContentsAgainAreNoChange() {
    platform.post("/api/watches", "{\"user\":\"ann\",\"target\":\"record/1\"}");
    String body = "{\"name\":\"r\",\"value\":\"v\",\"fields\":{\"price\":1}}";
    assertThat(platform.put("/api/records/1", body).json().get("version").asLong()).isEqualTo(1);
    Answer again = platform.put("/api/records/1", body);
    assertThat(again.json().get("version").asLong()).isEqualTo(1);
    assertThat(again.header("ETag")).isEqualTo("\"1\"");
    assertThat(platform.post("/api/update/1", "{\"value\":\"v\"}").status()).isEqualTo(200);
    assertThat(platform.get("/api/inbox/unread?user=ann").json().get("unread").asInt())
        .isEqualTo(1);
  }

  @Test
  void aRepetitionGetsTheSameHeaders() {
    String body = "{\"name\":\"r\",\"value\":\"v\"}";
    Answer first = platform.post("/api/records", body, "Idempotency-Key", "a");
    Answer again = platform.post("/api/records", body, "Idempotency-Key", "a");
    assertThat(first.header("Location")).startsWith("/api/records/");
    assertThat(again.header("Location")).isEqualTo(first.header("Location"));
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    Answer put = platform.put("/api/records/9", body, "Idempotency-Key", "b");
    Answer putAgain = platform.put("/api/records/9", body, "Idempotency-Key", "b");
    assertThat(put.header("ETag")).isEqualTo("\"1\"");
    assertThat(putAgain.header("ETag")).isEqualTo("\"1\"");
  }
}
