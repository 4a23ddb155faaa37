package dev.troth.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.stream.StreamReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With authentication on, users see and change only what their role and their watches allow. */
final class OwnWatchesTest {
  private final TestPlatform platform =
      TestPlatform.start("auth.mode", "token", "api.cors.origins", "http://localhost:3001");

  @SuppressWarnings("NullAway.Init")
  private String[] ann;

  @SuppressWarnings("NullAway.Init")
  private String[] bob;

  @SuppressWarnings("NullAway.Init")
  private String[] reader;

  private String[] admin() {
    return new String[] {"Authorization", "Bearer " + platform.ownersToken()};
  }

  @BeforeEach
  void tokens() {
    ann = bearer("ann", "member");
    bob = bearer("bob", "member");
    reader = bearer("eve", "reader");
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  private String[] bearer(String user, String role) {
    String body =
        "{\"user\":\"%s\",\"role\":\"%s\",\"life\":\"1d\",\"note\":\"\"}".formatted(user, role);
    Answer answer = platform.post("/api/tokens", body, admin());
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return new String[] {"Authorization", "Bearer " + answer.json().get("token").asString()};
  }

  private long watch(String[] caller) {
    Answer answer = platform.post("/api/watches", "{\"target\":\"record/1\"}", caller);
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.json().get("id").asLong();
  }

  @Test
  void theOriginalsUserMustBeTheCallerOrTheCallerAnAdmin() {
    String forAnn = "{\"user\":\"ann\"}";
    assertThat(platform.post("/api/watch/1", forAnn).status()).isEqualTo(401);
    assertThat(platform.post("/api/watch/1", forAnn, ann).status()).isEqualTo(200);
    Answer foreign = platform.post("/api/watch/1", forAnn, bob);
    assertThat(foreign.status()).isEqualTo(403);
    assertThat(foreign.json().get("error").asString())
        .isEqualTo("user is ann, expected bob or an admin's token");
    assertThat(platform.post("/api/watch/1", forAnn, admin()).status()).isEqualTo(200);
    assertThat(platform.post("/api/watch/1", "{\"user\":\"eve\"}", reader).status()).isEqualTo(403);
    assertThat(platform.post("/api/update/1", "{\"value\":\"x\"}", reader).status()).isEqualTo(403);
  }

  @Test
  void anothersWatchesInboxAndEndpointsAreClosed() {
    long watch = watch(ann);
    assertThat(platform.get("/api/watches/" + watch, bob).status()).isEqualTo(404);
    assertThat(platform.delete("/api/watches/" + watch, bob).status()).isEqualTo(404);
    assertThat(
            platform
                .post(
                    "/api/watches/" + watch + "/mute", "{\"until\":\"2027-01-01T00:00:00Z\"}", bob)
                .status())
        .isEqualTo(404);
    for (String path :
        new String[] {
          "/api/watches", "/api/inbox", "/api/inbox/unread", "/api/endpoints", "/api/deliveries"
        }) {
      assertThat(platform.get(path + "?user=ann", bob).status()).as(path).isEqualTo(403);
      assertThat(platform.get(path + "?user=ann", ann).status()).as(path).isEqualTo(200);
      assertThat(platform.get(path + "?user=ann", admin()).status()).as(path).isEqualTo(200);
      assertThat(platform.get(path).status()).as(path).isEqualTo(401);
    }
    assertThat(platform.post("/api/inbox/read?user=ann", "", bob).status()).isEqualTo(403);
    assertThat(platform.post("/api/deliveries/replay?user=ann", "", bob).status()).isEqualTo(403);
    String forAnn = "{\"user\":\"ann\",\"target\":\"*\"}";
    assertThat(platform.post("/api/watches", forAnn, bob).status()).isEqualTo(403);
    assertThat(platform.post("/api/watches", forAnn, reader).status()).isEqualTo(403);
    String endpoint = "{\"user\":\"ann\",\"address\":\"https://example.org/\"}";
    assertThat(platform.post("/api/endpoints", endpoint, bob).status()).isEqualTo(403);
  }

  @Test
  void aStreamTellsOnlyTheCallersNotifications() {
    var _ = watch(ann);
    try (StreamReader own = StreamReader.open(platform, "/api/stream", ann);
        StreamReader other = StreamReader.open(platform, "/api/stream", bob)) {
      assertThat(own.next().name()).isEqualTo("hello");
      assertThat(other.next().name()).isEqualTo("hello");
      for (String value : new String[] {"1", "2"}) {
        String body = "{\"value\":\"%s\"}".formatted(value);
        assertThat(platform.post("/api/update/1", body, admin()).status()).isEqualTo(200);
      }
      assertThat(own.next().name()).isEqualTo("change");
      assertThat(own.next().name()).isEqualTo("inbox");
      assertThat(other.next().name()).isEqualTo("change");
      assertThat(other.next().name()).isEqualTo("change");
    }
  }

  @Test
  void theOriginalsClientOnAnotherPortWorksOnceItsOriginIsConfigured() {
    String origin = "http://localhost:3001";
    Answer preflight =
        platform.send(
            "OPTIONS",
            "/api/update/1",
            null,
            "Origin",
            origin,
            "Access-Control-Request-Method",
            "POST",
            "Access-Control-Request-Headers",
            "content-type");
    assertThat(preflight.status()).isBetween(200, 204);
    assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo(origin);
    assertThat(preflight.header("Access-Control-Allow-Methods")).contains("POST");
    Answer updated =
        platform.post(
            "/api/update/1", "{\"value\":\"from React\"}", "Origin", origin, ann[0], ann[1]);
    assertThat(updated.status()).isEqualTo(200);
    assertThat(updated.header("Access-Control-Allow-Origin")).isEqualTo(origin);
    Answer foreign =
        platform.post(
            "/api/update/1",
            "{\"value\":\"x\"}",
            "Origin",
            "http://localhost:3002",
            ann[0],
            ann[1]);
    assertThat(foreign.status()).isEqualTo(403);
  }
}
