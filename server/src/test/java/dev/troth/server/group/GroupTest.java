package dev.troth.server.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.testkit.Property;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Groups are watched for as one, and each member is told as if the watch were theirs. */
final class GroupTest {
  private final TestPlatform platform = TestPlatform.start();

  @AfterEach
  void close() {
    platform.close();
  }

  private JsonNode ok(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
    return answer.json();
  }

  private void members(String group, String... members) {
    String list = members.length == 0 ? "" : "\"" + String.join("\",\"", members) + "\"";
    ok(platform.put("/api/groups/" + group, "{\"members\":[%s]}".formatted(list)));
  }

  private void watch(String group, String wish) {
    ok(platform.post("/api/groups/%s/watches".formatted(group), wish));
  }

  private void update(String value) {
    ok(platform.post("/api/update/1", "{\"value\":\"%s\"}".formatted(value)));
  }

  private List<String> told(String user) {
    return platform
        .get("/api/inbox?state=all&user=" + user)
        .json()
        .get("items")
        .valueStream()
        .map(item -> item.at("/after/value").asString())
        .toList();
  }

  private JsonNode watches(String user) {
    return platform.get("/api/watches?user=" + user).json().get("items");
  }

  @Test
  void eachMemberIsToldWhileTheyAreOne() {
    members("ops", "ann", "bob");
    watch("ops", "{\"target\":\"record/*\"}");
    update("a");
    members("ops", "bob", "cleo");
    update("b");
    watch("ops", "{\"target\":\"record/*\",\"filter\":\"value != 'c'\"}");
    update("c");
    update("d");
    assertThat(told("ann")).containsExactly("a");
    assertThat(told("bob")).containsExactly("d", "b", "a");
    assertThat(told("cleo")).containsExactly("d", "b");
    ok(platform.delete("/api/groups/ops/watches?target=record/*"));
    update("e");
    assertThat(told("bob")).hasSize(3);
    assertThat(ok(platform.get("/api/groups/ops")).toString())
        .isEqualTo("{\"name\":\"ops\",\"members\":[\"bob\",\"cleo\"],\"watches\":[]}");
  }

  @Test
  void theMembersOwnWatchComesFirstAndNobodyIsToldTwice() {
    members("ops", "ann");
    members("dev", "ann");
    watch("ops", "{\"target\":\"record/1\",\"channels\":[\"console\"]}");
    watch("dev", "{\"target\":\"record/1\",\"channels\":[\"console\"]}");
    update("a");
    assertThat(told("ann")).containsExactly("a");
    JsonNode own =
        ok(
            platform.post(
                "/api/watches", "{\"user\":\"ann\",\"target\":\"record/1\",\"level\":\"ignore\"}"));
    update("b");
    assertThat(told("ann")).containsExactly("a");
    String why = "/api/changes/%d/why?user=ann".formatted(platform.changes().head());
    assertThat(platform.get(why).json().get("rule").asString()).isEqualTo("ignore");
    assertThat(watches("ann")).hasSize(3);
    ok(platform.delete("/api/watches/" + own.get("id").asLong()));
    update("c");
    assertThat(told("ann")).containsExactly("c", "a");
    JsonNode groups = watches("ann").get(0);
    Answer refused = platform.delete("/api/watches/" + groups.get("id").asLong());
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.body()).contains("is of the group " + groups.get("group").asString());
    ok(platform.delete("/api/groups/ops"));
    update("d");
    assertThat(told("ann")).containsExactly("d", "c", "a");
  }

  @Test
  void aMemberIsReachedWhereTheyHaveAnAddressByNow() {
    members("ops", "ann", "bob");
    watch("ops", "{\"target\":\"record/1\",\"channels\":[\"console\",\"webhook\"]}");
    assertThat(watches("ann").get(0).get("channels").toString())
        .isEqualTo("[\"console\",\"inbox\"]");
    JsonNode added =
        ok(
            platform.post(
                "/api/endpoints", "{\"user\":\"ann\",\"address\":\"http://127.0.0.1:9/\"}"));
    assertThat(watches("ann").get(0).get("channels").toString()).contains("webhook");
    assertThat(watches("bob").get(0).get("channels").toString()).doesNotContain("webhook");
    ok(platform.delete("/api/endpoints/" + added.get("id").asLong()));
    assertThat(watches("ann").get(0).get("channels").toString()).doesNotContain("webhook");
  }

  /** The inbox reads the log, and the fan-out pages through watches: both must say the same. */
  @Test
  void theFanOutAndTheInboxAgreeOverGroupsAndOwnWatches() {
    for (String user : List.of("ann", "bob", "cleo")) {
      ok(
          platform.post(
              "/api/endpoints",
              "{\"user\":\"%s\",\"address\":\"http://127.0.0.1:9/\"}".formatted(user)));
    }
    Property.of("groups")
        .runs(3, 40)
        .check(random -> {
          for (int i = 0; i < 12; i++) {
            step(random);
          }
          update("v" + random.nextInt(1_000_000));
          await().until(() -> open() == 0);
          long seq =
              platform
                  .get("/api/subjects/changes?target=record/1")
                  .json()
                  .at("/items/0/seq")
                  .asLong();
          List<String> sent = sent(seq);
          Set<String> why = new TreeSet<>();
          Set<String> inbox = new TreeSet<>();
          for (String user : List.of("ann", "bob", "cleo")) {
            if (platform
                .get("/api/changes/%d/why?user=%s".formatted(seq, user))
                .json()
                .get("told")
                .asBoolean()) {
              why.add(user);
            }
            JsonNode newest = platform.get("/api/inbox?state=all&limit=1&user=" + user).json();
            if (newest.at("/items/0/seq").asLong() == seq) {
              inbox.add(user);
            }
          }
          assertThat(why).isEqualTo(inbox);
          assertThat(sent).containsExactlyElementsOf(inbox);
        });
  }

  private void step(RandomGenerator random) {
    String user = List.of("ann", "bob", "cleo").get(random.nextInt(3));
    String target = List.of("record/1", "record/*", "*").get(random.nextInt(3));
    String level = List.of("all", "ignore", "none").get(random.nextInt(3));
    String group = random.nextBoolean() ? "ops" : "dev";
    switch (random.nextInt(4)) {
      case 0 -> members(group, user, random.nextBoolean() ? "ann" : "cleo");
      case 1 -> {
        if (platform.get("/api/groups/" + group).status() == 200) {
          watch(
              group,
              "{\"target\":\"%s\",\"level\":\"%s\",\"channels\":[\"webhook\"]}"
                  .formatted(target, level));
        }
      }
      case 2 ->
          ok(
              platform.post(
                  "/api/watches",
                  "{\"user\":\"%s\",\"target\":\"%s\",\"level\":\"%s\",\"channels\":[\"webhook\"]}"
                      .formatted(user, target, level)));
      default ->
          watches(user)
              .forEach(watch -> {
                if (!watch.has("group")
                    && !watch.get("target").asString().startsWith("endpoint/")) {
                  ok(platform.delete("/api/watches/" + watch.get("id").asLong()));
                }
              });
    }
  }

  /** Whom the fan-out wrote a delivery for. */
  private List<String> sent(long seq) {
    return platform
        .database()
        .read(handle ->
            handle
                .createQuery(
                    "SELECT user_name FROM delivery WHERE change_seq = ? ORDER BY user_name")
                .bind(0, seq)
                .mapTo(String.class)
                .list());
  }

  private int open() {
    return platform
        .database()
        .read(
            handle -> handle.createQuery("SELECT count(*) FROM fanout").mapTo(Integer.class).one());
  }

  @Test
  void whoCreatesARecordWatchesItUnlessTheySayOtherwise() {
    String record = "{\"name\":\"n\",\"value\":\"v\"}";
    long first = ok(platform.post("/api/records", record)).get("id").asLong();
    assertThat(watches("developer").toString()).contains("\"record/" + first + "\"");
    ok(platform.send("PATCH", "/api/preferences", "{\"autowatch\":false}"));
    long second = ok(platform.post("/api/records", record)).get("id").asLong();
    assertThat(watches("developer").toString()).doesNotContain("\"record/" + second + "\"");
  }

  @Test
  void whatCannotBeAGroupIsRefused() {
    assertThat(platform.put("/api/groups/Ops", "{\"members\":[]}").status()).isEqualTo(422);
    assertThat(platform.put("/api/groups/ops", "{\"members\":[\" \"]}").status()).isEqualTo(422);
    assertThat(platform.post("/api/groups/no/watches", "{\"target\":\"*\"}").status())
        .isEqualTo(404);
    members("ops");
    assertThat(platform.post("/api/groups/ops/watches", "{}").status()).isEqualTo(422);
    assertThat(
            platform
                .post("/api/groups/ops/watches", "{\"target\":\"*\",\"user\":\"ann\"}")
                .status())
        .isEqualTo(422);
    assertThat(platform.delete("/api/groups/ops/watches?target=x/1").status()).isEqualTo(404);
    Answer nested = platform.put("/api/groups/dev", "{\"members\":[\"ann\",\"ops\"]}");
    assertThat(nested.status()).isEqualTo(422);
    assertThat(nested.body()).contains("member is the group ops, expected users");
    for (String nobody : List.of("*", "", " ann", "ann ", "a\\nb")) {
      Answer refused = platform.put("/api/groups/dev", "{\"members\":[\"" + nobody + "\"]}");
      assertThat(refused.status()).as(nobody).isEqualTo(422);
    }
    assertThat(platform.put("/api/groups/own", "{\"members\":[\"own\"]}").status()).isEqualTo(422);
    ok(platform.delete("/api/groups/ops"));
    assertThat(platform.get("/api/groups").json().get("items")).isEmpty();
  }

  @Test
  void whoIsInAGroupAndWhatItWatchesHasAHistory() {
    members("ops", "ann", "bob");
    members("ops", "ann", "bob");
    members("ops", "bob");
    watch("ops", "{\"target\":\"record/*\"}");
    ok(platform.delete("/api/groups/ops"));
    List<String> said =
        ok(platform.get("/api/subjects/changes?target=user-group/ops"))
            .get("items")
            .valueStream()
            .map(change ->
                "%s %s→%s %s"
                    .formatted(
                        change.get("type").asString(),
                        change.at("/before/members").asString(""),
                        change.at("/after/members").asString(""),
                        change.at("/after/watches").asString("")))
            .toList();
    assertThat(said)
        .containsExactlyInAnyOrder(
            "user-group.set →ann, bob ",
            "user-group.set ann, bob→bob ",
            "user-group.set bob→bob record/*",
            "user-group.removed bob→ ");
  }
}
