package dev.troth.server.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.TestPlatform;
import dev.troth.server.TestPlatform.Answer;
import dev.troth.server.http.Json;
import dev.troth.watch.delivery.NotificationKey;
import dev.troth.watch.webhook.WebhookRequest;
import dev.troth.watch.webhook.WebhookSecret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Webhooks that come in, on a platform where every other caller needs a token. */
final class HookTest {
  private static final String SECRET = "hush-4711-hush-4711";
  private static final String STANDARD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private final TestPlatform platform = TestPlatform.start("auth.mode", "token");
  private final String[] owner = {"Authorization", "Bearer " + platform.ownersToken()};

  @AfterEach
  void close() {
    platform.close();
  }

  private Answer add(String name, String subject, Map<String, Object> hook) {
    return platform.post(
        "/api/sources",
        Json.mapper()
            .writeValueAsString(
                Map.of("name", name, "kind", "webhook", "subject", subject, "hook", hook)),
        owner);
  }

  private void addGithub() {
    Answer added =
        add(
            "repo",
            "github",
            Map.of("scheme", "github", "secret", SECRET, "id", "/repository/full_name"));
    assertThat(added.status()).as(added.body()).isEqualTo(201);
    assertThat(added.body()).contains("\"url\":\"/hooks/repo\"", "\"scheme\":\"github\"");
  }

  private static String signature(String body) throws GeneralSecurityException {
    return signature(body, SECRET);
  }

  private static String signature(String body, String secret) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
  }

  private Answer github(String body, String signature) {
    return platform.post(
        "/hooks/repo", body, "X-GitHub-Event", "issues", "X-Hub-Signature-256", signature);
  }

  private JsonNode changes(String target) {
    return platform.get("/api/subjects/changes?target=" + target, owner).json().get("items");
  }

  private static String issue(String action, String title) {
    return Json.mapper()
        .writeValueAsString(
            new TreeMap<>(
                Map.of(
                    "action",
                    action,
                    "issue",
                    Map.of("number", 7, "title", title),
                    "repository",
                    Map.of("full_name", "acme/shop"))));
  }

  @Test
  void theNameOfAnEventIsNotSignedAndMakesNoOther() throws Exception {
    addGithub();
    String body = issue("opened", "It breaks");
    assertThat(github(body, signature(body)).status()).isEqualTo(200);
    for (String name : List.of("push", "a b", "", "../x")) {
      Answer other =
          platform.post(
              "/hooks/repo", body, "X-GitHub-Event", name, "X-Hub-Signature-256", signature(body));
      assertThat(other.status()).as(name).isIn(409, 422);
    }
    assertThat(platform.post("/hooks/repo", body, "X-Hub-Signature-256", signature(body)).status())
        .isEqualTo(422);
    assertThat(changes("github/*")).hasSize(1);
  }

  @Test
  void whatGithubSignedIsAnEventOnceAndNothingElseIsTaken() throws Exception {
    addGithub();
    String body = issue("opened", "It breaks");
    Answer taken = github(body, signature(body));
    assertThat(taken.status()).as(taken.body()).isEqualTo(200);
    assertThat(taken.json().get("subject").asString()).isEqualTo("github/acme/shop");
    JsonNode change = changes("github/*").get(0);
    assertThat(change.get("type").asString()).isEqualTo("github.issues.opened");
    assertThat(change.get("actor").asString()).isEqualTo("source/repo");
    assertThat(change.at("/after/issue.title").asString()).isEqualTo("It breaks");
    assertThat(github(body, signature(body)).json().get("duplicate").asBoolean()).isTrue();
    String other = issue("closed", "It breaks");
    for (String wrong : List.of("", "sha256=00", signature(body))) {
      assertThat(github(other, wrong).status()).as(wrong).isEqualTo(401);
    }
    assertThat(platform.post("/hooks/none", body, "X-Hub-Signature-256", signature(body)).body())
        .contains("the signature is missing or not that of this body");
    assertThat(changes("github/*")).hasSize(1);
    JsonNode source = platform.get("/api/sources/repo", owner).json();
    assertThat(source.get("health").asString()).isEqualTo("ok");
    assertThat(source.get("lastChange").asLong()).isEqualTo(change.get("seq").asLong());
    assertThat(
            platform.get("/api/sources", owner).body()
                + platform.get("/api/subjects/changes?target=*", owner).body())
        .doesNotContain(SECRET);
  }

  @Test
  void aMessageOfStandardWebhooksIsTakenByItsIdAndOnlyForFiveMinutes() {
    Answer added =
        add(
            "billing",
            "invoice",
            Map.of("scheme", "standard", "secret", STANDARD, "id", "/data/id"));
    assertThat(added.status()).as(added.body()).isEqualTo(201);
    String body = "{\"type\":\"invoice.paid\",\"data\":{\"id\":9,\"amount\":1.50}}";
    WebhookRequest signed =
        WebhookRequest.signed(
            new NotificationKey("msg_1"),
            platform.clock().instant(),
            body,
            List.of(WebhookSecret.parse(STANDARD)));
    List<String> headers = new ArrayList<>();
    signed
        .headers()
        .forEach((name, value) -> {
          headers.add(name);
          headers.add(value);
        });
    String[] sent = headers.toArray(String[]::new);
    assertThat(platform.post("/hooks/billing", body, sent).status()).isEqualTo(200);
    JsonNode change = changes("invoice/9").get(0);
    assertThat(change.get("type").asString()).isEqualTo("invoice.paid");
    assertThat(change.at("/after/data.amount").toString()).isEqualTo("1.50");
    assertThat(platform.post("/hooks/billing", body, sent).json().get("duplicate").asBoolean())
        .isTrue();
    assertThat(changes("invoice/9")).hasSize(1);
    platform.clock().advance(Duration.ofMinutes(6));
    assertThat(platform.post("/hooks/billing", body, sent).status()).isEqualTo(401);
  }

  @Test
  void aBodyOfAnEventsLengthIsReadAndALongerOneIsNot() throws Exception {
    addGithub();
    String long60 = issue("edited", "x".repeat(60_000));
    assertThat(github(long60, signature(long60)).status()).isEqualTo(200);
    String long200 = issue("edited", "x".repeat(200_000));
    assertThat(github(long200, signature(long200)).status()).isEqualTo(422);
    String long300 = issue("edited", "x".repeat(300_000));
    assertThat(github(long300, signature(long300)).status()).isEqualTo(413);
    assertThat(platform.post("/hooks/repo", long300).status()).isEqualTo(413);
    assertThat(changes("github/*")).hasSize(1);
  }

  @Test
  void aSecretIsRotatedWithoutAMomentInWhichTheSenderIsRefused() throws Exception {
    addGithub();
    String next = "hush-4712-hush-4712";
    for (String wrong : List.of("short", SECRET)) {
      assertThat(rotate("{\"secret\":\"%s\"}".formatted(wrong)).status()).isEqualTo(422);
    }
    Answer rotated = rotate("{\"secret\":\"%s\"}".formatted(next));
    assertThat(rotated.status()).as(rotated.body()).isEqualTo(200);
    assertThat(rotated.json().get("rotating").asBoolean()).isTrue();
    String first = issue("opened", "a");
    String second = issue("closed", "a");
    String third = issue("reopened", "a");
    assertThat(github(first, signature(first)).status()).isEqualTo(200);
    assertThat(github(second, signature(second, next)).status()).isEqualTo(200);
    assertThat(rotate("{}").json().get("rotating").asBoolean()).isFalse();
    assertThat(github(third, signature(third)).status()).isEqualTo(401);
    assertThat(github(third, signature(third, next)).status()).isEqualTo(200);
    assertThat(changes("github/*")).hasSize(3);
    assertThat(
            platform.get("/api/sources", owner).body()
                + platform.get("/api/subjects/changes?target=*", owner).body())
        .doesNotContain("hush")
        .contains("source.rotated", "source.rotation-ended");
    String figures = platform.get("/metrics", owner).body();
    assertThat(figures)
        .contains("troth_watch_source_changes_total{source=\"repo\"} 3.0")
        .contains("troth_watch_source_errors_total{source=\"repo\"} 0.0")
        .contains("troth_watch_source_lag_seconds{source=\"repo\"} 0.0");
  }

  private Answer rotate(String body) {
    return platform.post("/api/sources/repo/rotate", body, owner);
  }

  @Test
  void aPausedHookTakesNothingAndWrongOnesAreRefused() throws Exception {
    addGithub();
    assertThat(platform.post("/api/sources/repo/pause", "", owner).status()).isEqualTo(200);
    String body = issue("opened", "x");
    assertThat(github(body, signature(body)).status()).isEqualTo(409);
    assertThat(platform.post("/api/sources/repo/resume", "", owner).status()).isEqualTo(200);
    assertThat(github(body, signature(body)).status()).isEqualTo(200);
    assertThat(platform.post("/api/sources/repo/test", "", owner).status()).isEqualTo(409);
    String noId = "{\"action\":\"x\"}";
    assertThat(github(noId, signature(noId)).body()).contains("no text or number at");
    String text = "\"x\"";
    assertThat(github(text, signature(text)).status()).isEqualTo(422);
    assertThat(
            add("a", "record", Map.of("scheme", "github", "secret", SECRET, "id", "/x")).status())
        .isEqualTo(422);
    Answer shortSecret = add("b", "x/1", Map.of("scheme", "github", "secret", "hush-short"));
    assertThat(shortSecret.status()).isEqualTo(422);
    assertThat(shortSecret.body()).doesNotContain("hush-short");
    assertThat(add("c", "x/1", Map.of("scheme", "gitlab", "secret", SECRET)).status())
        .isEqualTo(422);
  }
}
