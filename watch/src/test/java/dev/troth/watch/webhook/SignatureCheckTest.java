package dev.troth.watch.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.watch.delivery.NotificationKey;
import dev.troth.watch.webhook.SignatureCheck.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Signatures of webhooks that come in. */
final class SignatureCheckTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The example of GitHub's documentation. */
  @Test
  void githubsOwnExampleIsGenuineAndNothingElseIs() {
    String secret = "It's a Secret to Everybody";
    String right = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    assertThat(SignatureCheck.isGithubs(secret, bytes("Hello, World!"), right)).isTrue();
    assertThat(SignatureCheck.isGithubs(secret, bytes("Hello, World?"), right)).isFalse();
    assertThat(SignatureCheck.isGithubs("It's a secret", bytes("Hello, World!"), right)).isFalse();
    for (String wrong :
        List.of("", "sha256=", right.substring(7), right.replace("256", "1"), right + "0")) {
      assertThat(SignatureCheck.isGithubs(secret, bytes("Hello, World!"), wrong))
          .as(wrong)
          .isFalse();
    }
  }

  @Test
  void aStandardMessageIsGenuineForFiveMinutesWithOneRightSignatureOfSeveral() {
    WebhookSecret secret = WebhookSecret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    WebhookSecret other = WebhookSecret.parse("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    WebhookRequest signed =
        WebhookRequest.signed(new NotificationKey("msg_1"), NOW, "{}", List.of(other, secret));
    Message message =
        new Message(
            "msg_1",
            signed.headers().getOrDefault("webhook-timestamp", ""),
            signed.headers().getOrDefault("webhook-signature", ""));
    assertThat(SignatureCheck.isStandard(secret, message, bytes("{}"), NOW)).isTrue();
    assertThat(SignatureCheck.isStandard(secret, message, bytes("{ }"), NOW)).isFalse();
    Duration[] times = {Duration.ofSeconds(301), Duration.ofSeconds(-301)};
    for (Duration away : times) {
      assertThat(SignatureCheck.isStandard(secret, message, bytes("{}"), NOW.plus(away))).isFalse();
    }
    for (Message wrong :
        List.of(
            new Message("msg_2", message.timestamp(), message.signatures()),
            new Message("msg_1", "1772366401", message.signatures()),
            new Message("msg_1", "soon", message.signatures()),
            new Message("", message.timestamp(), message.signatures()),
            new Message("msg_1", message.timestamp(), ""),
            new Message(
                "msg_1", message.timestamp(), message.signatures().replace("v1,", "v2,")))) {
      assertThat(SignatureCheck.isStandard(secret, wrong, bytes("{}"), NOW))
          .as(wrong.toString())
          .isFalse();
    }
  }
}
