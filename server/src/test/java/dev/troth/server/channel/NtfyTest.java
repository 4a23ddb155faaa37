package dev.troth.server.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.channel.Receiver.Got;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** ntfy topics, published as JSON. */
final class NtfyTest {
  private final Desk desk = new Desk("ntfy");

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void aChangeIsPublishedToItsTopicWithTheTokenAndALink() {
    long id = desk.watch(desk.service.address("/orders-ops#tk_secret"), "record/1");
    desk.service.status = 200;
    desk.update("sehr schön 水");
    Got got = desk.got(1).getFirst();
    assertThat(got.path()).isEqualTo("/");
    assertThat(got.header("Authorization")).isEqualTo("Bearer tk_secret");
    JsonNode body = got.json();
    assertThat(body.get("topic").asString()).isEqualTo("orders-ops");
    assertThat(body.get("title").asString())
        .isEqualTo(
            "Demo Record: value changed from “Initial Value” to “sehr schön 水” by developer");
    assertThat(body.get("message").asString())
        .contains("Subject: record/1", "value: Initial Value → sehr schön 水");
    assertThat(body.get("priority").asInt()).isEqualTo(3);
    assertThat(body.get("click").asString()).endsWith("/go/record/1");
    assertThat(desk.test(id).get("delivered").asBoolean()).isTrue();
    assertThat(desk.got(2).getLast().json().get("message").asString())
        .isEqualTo("A test from Troth");
  }

  @Test
  void whatBeginsAndWhatEndsIsTaggedAndAMessageHas4096BytesAtMost() {
    var _ = desk.watch(desk.service.address("/t"), "order/*");
    desk.service.status = 200;
    desk.event("order/7", "payment.failed", fields(40));
    JsonNode failed = desk.last(1);
    assertThat(failed.get("tags").toString()).isEqualTo("[\"warning\"]");
    String message = failed.get("message").asString();
    assertThat(message.getBytes(StandardCharsets.UTF_8).length).isBetween(4_000, 4_096);
    assertThat(message).doesNotContain("\uFFFD");
    desk.platform.clock().advance(java.time.Duration.ofSeconds(1));
    desk.event("order/7", "payment.recovered");
    assertThat(desk.last(2).get("tags").toString()).isEqualTo("[\"white_check_mark\"]");
    assertThat(desk.got(2).getLast().headers()).doesNotContainKey("Authorization");
  }

  private static Map<String, Object> fields(int count) {
    Map<String, Object> fields = new java.util.TreeMap<>();
    for (int i = 0; i < count; i++) {
      fields.put("field" + i, "水😀".repeat(90));
    }
    return fields;
  }

  @Test
  void aMessageAndADigestShowTimesAsTheirUsersClockDoes() {
    var _ = desk.watch(desk.service.address("/t"), "record/1");
    desk.service.status = 200;
    String person = "{\"user\":\"ann\",\"zone\":\"Europe/Oslo\",\"locale\":\"de\"}";
    assertThat(desk.platform.send("PATCH", "/api/preferences", person).status()).isEqualTo(200);
    desk.update("a");
    assertThat(desk.last(1).get("message").asString()).contains("At: 01.03.2026, 13:00:00 MEZ\n");
    assertThat(
            desk.platform.put("/api/preferences", "{\"user\":\"ann\",\"digest\":\"1h\"}").status())
        .isEqualTo(200);
    desk.update("b");
    desk.update("c");
    desk.awaitState("pending", 2);
    desk.platform.clock().advance(java.time.Duration.ofHours(1));
    JsonNode digest = desk.last(2);
    assertThat(digest.get("title").asString()).isEqualTo("2 changes of 1 subject");
    assertThat(digest.get("message").asString())
        .startsWith("01.03.2026, 13:00:00 MEZ: Demo Record: value changed from a to b");
    assertThat(digest.get("click").asString()).endsWith("/inbox");
  }

  @Test
  void itKeepsItsManners() {
    desk.keepsItsManners(desk.service.address("/hush-4711#tk_hush-4711"), "hush-4711");
  }

  @Test
  void anAddressIsATopicAndATokenHasNoSpaces() {
    for (String wrong :
        new String[] {
          "https://ntfy.sh/",
          "https://ntfy.sh/a/b",
          "https://ntfy.sh/a?x=1",
          "ntfy.sh/a",
          "https://ntfy.sh/" + "a".repeat(65),
          "https://ntfy.sh/a#tk x",
          "https://ntfy.sh/a#tk\\r\\nX: y"
        }) {
      assertThat(desk.add(wrong).status()).as(wrong).isEqualTo(422);
    }
  }
}
