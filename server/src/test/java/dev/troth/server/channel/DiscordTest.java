package dev.troth.server.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Discord's webhooks, against a double that answers as they do. */
final class DiscordTest {
  private static final String PATH = "/api/webhooks/1/hush-4711";

  private final Desk desk = new Desk("discord");

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void aChangeIsAnEmbedThatMentionsNobodyAndHasNoFormat() {
    long id = desk.watch(desk.service.address(PATH), "record/1");
    desk.update("@everyone **b** [here](https://evil.example) <@1>");
    JsonNode body = desk.last(1);
    assertThat(body.get("allowed_mentions").toString()).isEqualTo("{\"parse\":[]}");
    JsonNode embed = body.at("/embeds/0");
    assertThat(embed.get("title").asString())
        .startsWith("Demo Record\\: value changed from")
        .doesNotContainPattern("(?<!\\\\)[*@\\[\\]<>]");
    assertThat(embed.get("url").asString()).endsWith("/go/record/1");
    for (JsonNode field : embed.get("fields")) {
      assertThat(field.get("value").asString()).doesNotContainPattern("(?<!\\\\)[*@\\[\\]<>]");
    }
    assertThat(desk.test(id).get("delivered").asBoolean()).isTrue();
  }

  @Test
  void anEmbedKeepsToDiscordsLimits() {
    var _ = desk.watch(desk.service.address(PATH), "order/*");
    Map<String, Object> data = new TreeMap<>();
    for (int i = 0; i < 40; i++) {
      data.put("*".repeat(300) + i, "_".repeat(1_000));
    }
    data.put("empty", "");
    data.put("name", "*".repeat(500));
    desk.event("order/7", "order_placed", data);
    JsonNode embed = desk.last(1).at("/embeds/0");
    int all = embed.get("title").asString().length();
    assertThat(all).isBetween(10, 256);
    assertThat(embed.get("fields").size()).isBetween(5, 25);
    for (JsonNode field : embed.get("fields")) {
      assertThat(field.get("name").asString()).hasSizeBetween(1, 256);
      assertThat(field.get("value").asString()).hasSizeBetween(1, 1_024);
      all += field.get("name").asString().length() + field.get("value").asString().length();
    }
    assertThat(all).isLessThanOrEqualTo(6_000);
  }

  @Test
  void aWebhookThatWasDeletedDisablesTheAddress() {
    var _ = desk.watch(desk.service.address(PATH), "record/1");
    desk.service.status = 404;
    desk.update("a");
    desk.awaitState("dead", 1);
    assertThat(desk.state()).isEqualTo("disabled");
  }

  @Test
  void itKeepsItsManners() {
    desk.keepsItsManners(desk.service.address(PATH), "hush-4711");
  }
}
