package dev.troth.server.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a caller may read of is decided by a subject's type and the caller's role, everywhere. */
final class VisibilityTest {

  private static TestPlatform start(String visibility) {
    return TestPlatform.start("auth.mode", "token", "visibility", visibility);
  }

  private static String[] owner(TestPlatform platform) {
    return new String[] {"Authorization", "Bearer " + platform.ownersToken()};
  }

  /** Issues a token and gives the header that carries it. */
  private static String[] issue(TestPlatform platform, String user, String role) {
    String body = "{\"user\":\"%s\",\"role\":\"%s\"}".formatted(user, role);
    Answer answer = platform.post("/api/tokens", body, owner(platform));
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return new String[] {"Authorization", "Bearer " + answer.json().path("token").asString()};
  }

  private static String newToken(TestPlatform platform, String user) {
    String body = "{\"user\":\"%s\",\"role\":\"reader\"}".formatted(user);
    return platform.post("/api/tokens", body, owner(platform)).json().path("id").asString();
  }

  private static List<String> subjects(TestPlatform platform, String path, String... caller) {
    Answer answer = platform.get(path, caller);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    List<String> found = new ArrayList<>();
    answer.json().path("items").forEach(item -> found.add(item.path("subject").asString()));
    return found;
  }

  private static void publish(TestPlatform platform, String subject) {
    String event =
        """
        {"specversion":"1.0","id":"%s","source":"/s","type":"t","subject":"%s","data":{}}
        """
            .formatted(subject, subject);
    Answer answer =
        platform.send(
            "POST",
            "/api/events",
            event,
            "Content-Type",
            "application/cloudevents+json",
            "Authorization",
            "Bearer " + platform.ownersToken());
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  @Test
  void tokensAreForTheirOwnerAndAdmins() {
    try (TestPlatform platform = start("")) {
      String[] ann = issue(platform, "ann", "reader");
      String[] bob = issue(platform, "bob", "member");
      String anns = platform.get("/api/tokens", ann).json().at("/tokens/0/id").asString();
      String own = "token/" + anns;
      for (String path : List.of("/api/subjects", "/api/subjects/changes?target=token/*")) {
        assertThat(subjects(platform, path, ann)).containsExactly(own);
        assertThat(subjects(platform, path, bob)).hasSize(1).doesNotContain(own);
        assertThat(subjects(platform, path, owner(platform))).hasSize(2).contains(own);
      }
      assertThat(subjects(platform, "/api/subjects/changes", bob)).doesNotContain(own);
      String one = "/api/subjects/one?subject=" + own;
      assertThat(platform.get(one, ann).status()).isEqualTo(200);
      assertThat(platform.get(one, bob).status()).isEqualTo(404);
      assertThat(platform.get("/settings", bob).body()).doesNotContain(anns);
    }
  }

  @Test
  void aWatchTellsOnlyWhatItsUserMayReadOf() {
    try (TestPlatform platform = start("")) {
      String[] bob = issue(platform, "bob", "member");
      String[] chief = issue(platform, "chief", "admin");
      String anns = "token/" + newToken(platform, "ann");
      Answer refused = platform.post("/api/watches", "{\"target\":\"%s\"}".formatted(anns), bob);
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.body()).contains("which bob may not read");
      assertThat(platform.post("/api/watches", "{\"target\":\"configuration/*\"}", bob).status())
          .isEqualTo(403);
      platform.watchWithoutAddress("bob", "*", bob);
      platform.watchWithoutAddress("chief", "*", chief);
      String another = "token/" + newToken(platform, "ann");
      String bobs = "token/" + newToken(platform, "bob");
      publish(platform, "configuration/shop");
      publish(platform, "order/1");
      assertThat(subjects(platform, "/api/inbox", bob)).containsExactly("order/1", bobs);
      assertThat(platform.get("/api/inbox/unread", bob).json().path("unread").asInt()).isEqualTo(2);
      assertThat(subjects(platform, "/api/inbox", chief))
          .containsExactly("order/1", "configuration/shop", bobs, another);
      // Neither has an address, so what was sent to them is among the dead letters.
      await()
          .untilAsserted(() ->
              assertThat(subjects(platform, "/api/deliveries", chief))
                  .containsExactly("order/1", "configuration/shop", bobs, another));
      await()
          .untilAsserted(() ->
              assertThat(subjects(platform, "/api/deliveries", bob))
                  .containsExactly("order/1", bobs));
    }
  }

  @Test
  void theConfigurationOverridesAType() {
    try (TestPlatform platform = start("configuration=everybody,order=admins")) {
      String[] ann = issue(platform, "ann", "reader");
      publish(platform, "configuration/shop");
      publish(platform, "order/1");
      assertThat(subjects(platform, "/api/subjects?prefix=configuration", ann))
          .containsExactly("configuration/shop");
      assertThat(subjects(platform, "/api/subjects?prefix=order", ann)).isEmpty();
      assertThat(subjects(platform, "/api/subjects?prefix=order", owner(platform)))
          .containsExactly("order/1");
    }
  }
}
