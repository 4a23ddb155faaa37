package dev.troth.server.original;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import org.junit.jupiter.api.Test;

final class OriginalRoutesTest {

  @Test
  void theDemoRecordIsThereAtTheFirstStart() {
    try (TestPlatform platform = TestPlatform.start()) {
      assertThat(platform.get("/api/record/1").body())
          .isEqualTo("{\"id\":1,\"name\":\"Demo Record\",\"value\":\"Initial Value\"}");
    }
  }

  @Test
  void watchingTwiceIsOneWatchAndAnUpdateIsKept() {
    try (TestPlatform platform = TestPlatform.start()) {
      Answer first = platform.post("/api/watch/1", "{\"user\":\"alice\"}");
      assertThat(first.body()).isEqualTo("{\"message\":\"alice is now watching Demo Record.\"}");
      Answer second = platform.post("/api/watch/1", "{\"user\":\"alice\"}");
      assertThat(second.status()).isEqualTo(200);
      assertThat(platform.get("/api/watches?user=alice").json().get("items")).hasSize(1);

      Answer updated = platform.post("/api/update/1", "{\"value\":\"New\"}");
      assertThat(updated.status()).isEqualTo(200);
      assertThat(updated.body())
          .isEqualTo("{\"message\":\"Record updated and notifications queued.\"}");
      assertThat(platform.get("/api/record/1").json().get("value").asString()).isEqualTo("New");

      platform.restart();
      assertThat(platform.get("/api/record/1").json().get("value").asString()).isEqualTo("New");
      var inbox = platform.get("/api/inbox?user=alice").json();
      assertThat(inbox.get("unread").asInt()).isEqualTo(1);
      assertThat(inbox.at("/items/0/title").asString())
          .isEqualTo("Demo Record: value changed from “Initial Value” to New by developer");
    }
  }

  @Test
  void errorsKeepTheirErrorMemberBesideTheProblem() {
    try (TestPlatform platform = TestPlatform.start()) {
      check(platform.get("/api/record/9"), 404, "record 9 does not exist");
      check(platform.get("/api/record/x"), 404, "id is 'x', expected a number");
      check(platform.post("/api/watch/9", "{\"user\":\"a\"}"), 404, "record 9 does not exist");
      check(platform.post("/api/watch/1", "{}"), 400, "user is missing, expected a text");
      check(
          platform.post("/api/watch/1", "{\"user\":\" \"}"),
          422,
          "user is ' ', expected 1 to 128 characters without controls");
      check(platform.post("/api/update/1", "{}"), 400, "value is missing, expected a text");
      check(platform.post("/api/update/1", "{\"value\":{}}"), 400, "value is {}, expected a text");
      check(platform.post("/api/update/1", ""), 400, "the body is empty, expected JSON");
      assertThat(platform.get("/api/subjects").json().get("items")).isEmpty();
    }
  }

  private static void check(Answer answer, int status, String detail) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.json().get("detail").asString()).isEqualTo(detail);
    assertThat(answer.json().get("error").asString()).isEqualTo(detail);
  }
}
