package dev.troth.server.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.channel.Receiver.Got;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Teams' workflows, against a double that answers as they do. */
final class TeamsTest {
  private static final String PATH = "/workflows/w/triggers/manual/paths/invoke?sig=hush-4711";

  private final Desk desk = new Desk("teams");

  @AfterEach
  void close() {
    desk.close();
  }

  @Test
  void aChangeIsAnAdaptiveCardWhoseTextKnowsNoMarkdown() {
    long id = desk.watch(desk.service.address(PATH), "record/1");
    desk.service.status = 202;
    desk.update("**b** [here](https://evil.example) <at>ann</at>");
    Got got = desk.got(1).getFirst();
    assertThat(got.path()).isEqualTo(PATH);
    JsonNode message = got.json();
    assertThat(message.get("type").asString()).isEqualTo("message");
    JsonNode attachment = message.at("/attachments/0");
    assertThat(attachment.get("contentType").asString())
        .isEqualTo("application/vnd.microsoft.card.adaptive");
    JsonNode card = attachment.get("content");
    assertThat(card.get("type").asString()).isEqualTo("AdaptiveCard");
    assertThat(card.get("version").asString()).isEqualTo("1.4");
    for (JsonNode block : card.get("body")) {
      // A TextBlock would read Markdown.
      assertThat(block.get("type").asString()).isEqualTo("RichTextBlock");
      for (JsonNode run : block.get("inlines")) {
        assertThat(run.get("type").asString()).isEqualTo("TextRun");
      }
    }
    assertThat(card.at("/body/0/inlines/0/text").asString()).startsWith("Demo Record: value");
    assertThat(card.at("/actions/0/type").asString()).isEqualTo("Action.OpenUrl");
    assertThat(card.at("/actions/0/url").asString()).endsWith("/go/record/1");
    assertThat(card.has("msteams")).isFalse();
    assertThat(desk.test(id).get("delivered").asBoolean()).isTrue();
  }

  @Test
  void aCardHas28KilobytesAtMost() {
    var _ = desk.watch(desk.service.address(PATH), "order/*");
    desk.service.status = 202;
    Map<String, Object> data = new TreeMap<>();
    for (int i = 0; i < 40; i++) {
      data.put("水".repeat(1_000) + i, "水".repeat(300));
    }
    desk.event("order/7", "order_placed", data);
    Got got = desk.got(1).getFirst();
    assertThat(got.body().getBytes(StandardCharsets.UTF_8).length).isBetween(10_000, 28_000);
  }

  @Test
  void aWorkflowThatWasDeletedDisablesTheAddress() {
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
