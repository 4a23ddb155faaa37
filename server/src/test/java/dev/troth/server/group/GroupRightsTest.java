package dev.troth.server.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A group watches only what its members may read of, on channels that the platform has. */
final class GroupRightsTest {
  private final TestPlatform platform = TestPlatform.start("auth.mode", "token");

  @AfterEach
  void close() {
    platform.close();
  }

  private String[] owner() {
    return new String[] {"Authorization", "Bearer " + platform.ownersToken()};
  }

  private void issue(String user, String role) {
    String body = "{\"user\":\"%s\",\"role\":\"%s\"}".formatted(user, role);
    assertThat(platform.post("/api/tokens", body, owner()).status()).isEqualTo(201);
  }

  private Answer members(String members) {
    return platform.put("/api/groups/ops", "{\"members\":[%s]}".formatted(members), owner());
  }

  private Answer watch(String wish) {
    return platform.post("/api/groups/ops/watches", wish, owner());
  }

  private static void refused(Answer answer, String detail) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(422);
    assertThat(answer.json().get("detail").asString()).contains(detail);
  }

  @Test
  void aChannelThatThePlatformHasNotIsRefused() {
    assertThat(members("\"ann\"").status()).isEqualTo(200);
    refused(
        watch("{\"target\":\"record/1\",\"channels\":[\"email\"]}"),
        "channel is 'email', expected one of alertmanager, console, discord, inbox");
    refused(
        watch("{\"target\":\"record/1\",\"channels\":[\"webhook/a/b\"]}"),
        "channel is 'webhook/a/b'");
    Answer taken = watch("{\"target\":\"record/1\",\"channels\":[\"webhook/a\",\"inbox\"]}");
    assertThat(taken.status()).as(taken.body()).isEqualTo(200);
  }

  @Test
  void whatMembersMayNotReadOfIsRefusedWhoeverComesFirst() {
    issue("ada", "admin");
    issue("ann", "member");
    assertThat(members("\"ada\",\"ann\"").status()).isEqualTo(200);
    refused(watch("{\"target\":\"source/*\"}"), "ann may not read source/*");
    refused(watch("{\"target\":\"user-group/ops\"}"), "ann may not read user-group/ops");
    assertThat(watch("{\"target\":\"token/*\"}").status()).as("their own").isEqualTo(200);
    assertThat(members("\"ada\"").status()).isEqualTo(200);
    assertThat(watch("{\"target\":\"source/*\"}").status()).isEqualTo(200);
    refused(members("\"ada\",\"ann\""), "ann may not read source/*");
    refused(members("\"ada\",\"nobody\""), "nobody may not read source/*");
    assertThat(platform.get("/api/groups/ops", owner()).json().get("members")).hasSize(1);
  }
}
