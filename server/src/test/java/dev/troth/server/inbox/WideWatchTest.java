package dev.troth.server.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What an inbox costs does not depend on how wide its watches are. */
final class WideWatchTest {
  private final TestPlatform platform = TestPlatform.start();

  @AfterEach
  void stop() {
    platform.close();
  }

  private void watchAll(String filter) {
    String body = "{\"user\":\"ann\",\"target\":\"*\",\"filter\":\"%s\"}".formatted(filter);
    assertThat(platform.post("/api/watches", body).status()).isEqualTo(201);
  }

  /** Events of one number each, in batches. */
  private void publish(int from, int to) {
    for (int start = from; start < to; start += 1_000) {
      StringBuilder batch = new StringBuilder("[");
      for (int i = start; i < Math.min(to, start + 1_000); i++) {
        batch
            .append(i == start ? "" : ",")
            .append(
                """
                {"specversion":"1.0","id":"%d","source":"/s","type":"t","subject":"order/%d",\
                "data":{"number":%d}}\
                """
                    .formatted(i, i, i));
      }
      assertThat(
              platform
                  .send(
                      "POST",
                      "/api/events",
                      batch.append(']').toString(),
                      "Content-Type",
                      "application/cloudevents-batch+json")
                  .status())
          .isEqualTo(200);
    }
  }

  private int unread() {
    return platform.get("/api/inbox/unread?user=ann").json().get("unread").asInt();
  }

  @Test
  void oneCallLooksAtABoundedNumberOfChangesAndLaterCallsGoOn() {
    watchAll("number == 0 || number == 15999");
    publish(0, 16_000);
    // The first call looks at 12,000 changes: at new and older ones for its ETag, then for its
    // answer.
    assertThat(unread()).isEqualTo(1);
    assertThat(unread()).isEqualTo(2);
    publish(30_000, 30_010);
    assertThat(unread()).isEqualTo(2);
  }

  @Test
  void pagesGoOnWhereOneCallStopped() {
    watchAll("number % 4000 == 0");
    publish(0, 16_001);
    List<String> found = new ArrayList<>();
    String before = "";
    int pages = 0;
    while (true) {
      JsonNode page = platform.get("/api/inbox?user=ann&limit=2" + before).json();
      page.get("items").forEach(item -> found.add(item.get("subject").asString()));
      pages++;
      if (!page.has("next")) {
        break;
      }
      before = "&before=" + page.get("next").asLong();
    }
    assertThat(found)
        .containsExactly("order/16000", "order/12000", "order/8000", "order/4000", "order/0");
    assertThat(pages).isLessThan(10);
  }

  @Test
  void whatWasToldStaysToldWhileWatchesChange() {
    watchAll("number >= 0");
    publish(0, 5);
    assertThat(unread()).isEqualTo(5);
    long id = platform.get("/api/watches?user=ann").json().at("/items/0/id").asLong();
    assertThat(platform.delete("/api/watches/" + id).status()).isEqualTo(200);
    publish(5, 10);
    assertThat(unread()).isEqualTo(5);
    assertThat(platform.post("/api/inbox/3/read?user=ann", "").status()).isEqualTo(200);
    assertThat(unread()).isEqualTo(4);
    platform.restart();
    assertThat(unread()).isEqualTo(4);
  }

  @Test
  void aCountThatIsNotAtItsEndIsNotUnchanged() {
    watchAll("number == 0");
    publish(0, 16_000);
    var first = platform.get("/api/inbox/unread?user=ann");
    var second = platform.get("/api/inbox/unread?user=ann", "If-None-Match", first.header("ETag"));
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.json().get("unread").asInt()).isEqualTo(1);
    var third = platform.get("/api/inbox/unread?user=ann", "If-None-Match", second.header("ETag"));
    assertThat(third.status()).isEqualTo(200);
    var fourth = platform.get("/api/inbox/unread?user=ann", "If-None-Match", third.header("ETag"));
    assertThat(fourth.status()).isEqualTo(304);
  }
}
