package dev.troth.server.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.testkit.Property;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class InboxRoutesTest {
  private final TestPlatform platform = TestPlatform.start();

  @AfterEach
  void stop() {
    platform.close();
  }

  private void watch(String user, String target) {
    assertThat(
            platform
                .post("/api/watches", "{\"user\":\"%s\",\"target\":\"%s\"}".formatted(user, target))
                .status())
        .isBetween(200, 201);
  }

  private void update(int record, String value) {
    String body = "{\"name\":\"r\",\"value\":\"%s\"}".formatted(value);
    assertThat(platform.put("/api/records/" + record, body).status()).isBetween(200, 201);
  }

  private List<Long> list(String query) {
    List<Long> found = new ArrayList<>();
    items(query).get("items").forEach(item -> found.add(item.get("seq").asLong()));
    return found;
  }

  private JsonNode items(String query) {
    return platform.get("/api/inbox?user=ann" + query).json();
  }

  private int mark(long seq, String mark) {
    Answer answer = platform.post("/api/inbox/%d/%s?user=ann".formatted(seq, mark), "");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json().get("unread").asInt();
  }

  @Test
  void notificationsAreReadUnreadDoneAndUndone() {
    watch("ann", "record/1");
    update(1, "a");
    update(1, "b");
    update(1, "c");
    assertThat(list("")).containsExactly(3L, 2L, 1L);
    assertThat(mark(2, "read")).isEqualTo(2);
    assertThat(mark(3, "done")).isEqualTo(1);
    assertThat(list("")).containsExactly(2L, 1L);
    assertThat(list("&state=done")).containsExactly(3L);
    assertThat(list("&state=unread")).containsExactly(1L);
    assertThat(list("&state=read")).containsExactly(2L);
    assertThat(mark(3, "undo")).isEqualTo(2);
    assertThat(mark(2, "unread")).isEqualTo(3);
    Answer all = platform.post("/api/inbox/read?user=ann", "");
    assertThat(all.json().get("unread").asInt()).isZero();
    update(1, "d");
    assertThat(mark(2, "unread")).isEqualTo(2);
    assertThat(list("&state=unread")).containsExactly(4L, 2L);
  }

  @Test
  void aNotificationOfSomebodyElseCannotBeMarked() {
    watch("ann", "record/1");
    update(1, "a");
    update(2, "b");
    assertThat(platform.post("/api/inbox/1/read?user=bob", "").status()).isEqualTo(404);
    assertThat(platform.post("/api/inbox/2/read?user=ann", "").status()).isEqualTo(404);
    assertThat(platform.post("/api/inbox/9/read?user=ann", "").status()).isEqualTo(404);
  }

  @Test
  void anUnchangedInboxIsNotSentAgain() {
    watch("ann", "record/1");
    update(1, "a");
    Answer first = platform.get("/api/inbox?user=ann");
    String etag = first.header("ETag");
    assertThat(platform.get("/api/inbox?user=ann", "If-None-Match", etag).status()).isEqualTo(304);
    assertThat(mark(1, "read")).isZero();
    Answer marked = platform.get("/api/inbox?user=ann", "If-None-Match", etag);
    assertThat(marked.status()).isEqualTo(200);
    update(1, "b");
    assertThat(platform.get("/api/inbox?user=ann", "If-None-Match", marked.header("ETag")).status())
        .isEqualTo(200);
  }

  @Test
  void pagesJoinWithoutGapOrRepetition() {
    watch("ann", "record/*");
    watch("ann", "record/2");
    for (int i = 0; i < 150; i++) {
      update(1 + i % 3, "v" + i);
    }
    List<Long> whole = list("&limit=200");
    assertThat(whole).hasSize(150);
    assertThat(paged("", 7)).isEqualTo(whole);
  }

  @Test
  void eachStateListsWhatIsInIt() {
    watch("ann", "record/*");
    Map<Long, String> states = new TreeMap<>(Comparator.reverseOrder());
    for (int i = 0; i < 150; i++) {
      update(1 + i % 3, "v" + i);
      states.put(i + 1L, "unread");
    }
    Property.of("a state's pages are the notifications in that state")
        .runs(4, 100)
        .check(random -> {
          if (random.nextInt(3) == 0) {
            long upto = random.nextInt(150);
            assertThat(platform.post("/api/inbox/read?user=ann&upto=" + upto, "").status())
                .isEqualTo(200);
            states.replaceAll(
                (seq, state) -> seq <= upto && state.equals("unread") ? "read" : state);
          }
          for (int i = random.nextInt(120); i > 0; i--) {
            long seq = 1 + random.nextInt(150);
            String to = List.of("read", "unread", "done").get(random.nextInt(3));
            // What is done stays done until that is undone.
            mark(seq, "done".equals(states.get(seq)) ? "done" : to);
            states.compute(seq, (key, state) -> state.equals("done") ? state : to);
          }
          for (String wanted : List.of("read", "unread", "done", "all", "inbox")) {
            List<Long> expected =
                states.entrySet().stream()
                    .filter(entry ->
                        switch (wanted) {
                          case "all" -> true;
                          case "inbox" -> !entry.getValue().equals("done");
                          default -> entry.getValue().equals(wanted);
                        })
                    .map(Map.Entry::getKey)
                    .toList();
            assertThat(paged("&state=" + wanted, 1 + random.nextInt(200)))
                .as(wanted)
                .isEqualTo(expected);
          }
        });
  }

  private List<Long> paged(String query, int limit) {
    List<Long> joined = new ArrayList<>();
    String more = "";
    do {
      JsonNode page = items(query + "&limit=" + limit + more);
      page.get("items").forEach(item -> joined.add(item.get("seq").asLong()));
      more = page.has("next") ? "&before=" + page.get("next").asLong() : "";
    } while (!more.isEmpty());
    return joined;
  }

  @Test
  void theInboxIsWhatAUserWouldHaveBeenToldChangeByChange() {
    List<String> targets = List.of("record/1", "record/2", "record/*", "*");
    Property.of("the inbox read back is what was heard when it happened")
        .runs(3, 100)
        .check(random -> {
          String user = "user" + random.nextInt(1_000_000);
          List<Long> expected = new ArrayList<>();
          List<String> standing = new ArrayList<>();
          long before = seq();
          for (int step = 0; step < 40; step++) {
            if (random.nextInt(3) == 0) {
              toggle(user, targets.get(random.nextInt(4)), standing);
            } else {
              int record = 1 + random.nextInt(3);
              update(record, "v" + step);
              boolean heard =
                  standing.contains("*")
                      || standing.contains("record/*")
                      || standing.contains("record/" + record);
              if (heard) {
                expected.addFirst(seq());
              }
            }
          }
          List<Long> found = new ArrayList<>();
          platform
              .get("/api/inbox?limit=200&user=" + user)
              .json()
              .get("items")
              .forEach(item -> found.add(item.get("seq").asLong()));
          assertThat(found).as("after change %d", before).isEqualTo(expected);
          assertThat(platform.get("/api/inbox/unread?user=" + user).json().get("unread").asInt())
              .isEqualTo(expected.size());
        });
  }

  private void toggle(String user, String target, List<String> standing) {
    if (standing.remove(target)) {
      for (JsonNode watch : platform.get("/api/watches?user=" + user).json().get("items")) {
        if (watch.get("target").asString().equals(target)) {
          assertThat(platform.delete("/api/watches/" + watch.get("id").asLong()).status())
              .isEqualTo(200);
        }
      }
    } else {
      watch(user, target);
      standing.add(target);
    }
  }

  private long seq() {
    JsonNode newest = platform.get("/api/subjects/changes?limit=1").json().at("/items/0/seq");
    return newest.isMissingNode() ? 0 : newest.asLong();
  }
}
