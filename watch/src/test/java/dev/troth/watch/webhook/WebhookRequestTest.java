package dev.troth.watch.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.troth.watch.delivery.NotificationKey;
import dev.troth.watch.delivery.Outcome;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class WebhookRequestTest {
  private final SecureRandom random = new SecureRandom();
  private final WebhookSecret first = WebhookSecret.generate(random);
  private final WebhookSecret second = WebhookSecret.generate(random);

  private void verify(WebhookRequest request, String text, WebhookSecret secret) throws Exception {
    Map<String, List<String>> headers =
        request.headers().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> List.of(entry.getValue())));
    new Webhook(secret.reveal()).verify(text, headers);
  }

  @Test
  void theReferenceVerifierAcceptsTheSignatureUnderEachSecret() throws Exception {
    String text = "{\"price\":\"9 €\"}";
    WebhookRequest request =
        WebhookRequest.signed(
            new NotificationKey("ntf_1"), Instant.now(), text, List.of(first, second));
    verify(request, text, first);
    verify(request, text, second);
    assertThatThrownBy(() -> verify(request, text, WebhookSecret.generate(random)))
        .isInstanceOf(WebhookVerificationException.class);
    assertThatThrownBy(() -> verify(request, text + " ", first))
        .isInstanceOf(WebhookVerificationException.class);
  }

  @Test
  void aSecretIsReadAndNeverSaid() {
    assertThat(WebhookSecret.parse(first.reveal())).isEqualTo(first);
    assertThat(first).hasToString("whsec_…");
    assertThatThrownBy(() -> WebhookSecret.parse("whsec_c2hvcnQ="))
        .hasMessage("secret has 14 characters, expected whsec_ and the base64 of 24 to 64 bytes");
    assertThatThrownBy(() -> WebhookSecret.parse("whsec_?")).hasMessageStartingWith("secret has 7");
  }

  @Test
  void answersMeanWhatTheSpecificationSays() {
    Instant now = Instant.parse("2026-03-01T12:00:00Z");
    assertThat(WebhookAnswer.outcome(204, "", now)).isEqualTo(new Outcome.Delivered("HTTP 204"));
    assertThat(WebhookAnswer.outcome(410, "", now)).isEqualTo(new Outcome.Gone("HTTP 410"));
    assertThat(WebhookAnswer.outcome(302, "", now))
        .isEqualTo(new Outcome.Failed("HTTP 302", Duration.ZERO));
    assertThat(WebhookAnswer.outcome(429, "120", now))
        .isEqualTo(new Outcome.Failed("HTTP 429", Duration.ofMinutes(2)));
    assertThat(WebhookAnswer.outcome(503, "Sun, 01 Mar 2026 12:01:00 GMT", now))
        .isEqualTo(new Outcome.Failed("HTTP 503", Duration.ofMinutes(1)));
    assertThat(WebhookAnswer.outcome(503, "Sun, 01 Mar 2026 11:01:00 GMT", now))
        .isEqualTo(new Outcome.Failed("HTTP 503", Duration.ZERO));
    assertThat(WebhookAnswer.outcome(503, "soon", now))
        .isEqualTo(new Outcome.Failed("HTTP 503", Duration.ZERO));
  }
}
