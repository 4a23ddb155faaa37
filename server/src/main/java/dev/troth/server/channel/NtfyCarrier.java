package dev.troth.server.channel;

import dev.troth.server.endpoint.EndpointStore.Endpoint;
import dev.troth.server.http.Json;
import dev.troth.watch.change.Condition.Turn;
import dev.troth.watch.change.PlainText;
import dev.troth.watch.delivery.Outcome;
import dev.troth.watch.delivery.Pace;
import dev.troth.watch.webhook.WebhookAnswer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Topics of an ntfy server, published as JSON, so that any alphabet arrives. Whoever knows a topic
 * may read and write it, so it is never shown.
 */
public final class NtfyCarrier implements Carrier {
  private static final String EXPECTED =
      "a topic such as https://ntfy.sh/topic, with an access token behind a # where one is needed";
  private static final Pattern TOPIC = Pattern.compile("/[-_A-Za-z0-9]{1,64}");

  /** An ntfy server gives a visitor 60 messages at once and one every five seconds after. */
  private static final Pace PACE = new Pace(16, Duration.ofSeconds(1));

  /** What is longer would become an attachment. */
  private static final int LONGEST_MESSAGE_BYTES = 4_096;

  private static final int LONGEST_TITLE = 250;
  private static final int URGENT = 5;
  private static final int USUAL = 3;

  private final PinnedClient client;

  public NtfyCarrier(PinnedClient client) {
    this.client = client;
  }

  @Override
  public String kind() {
    return "ntfy";
  }

  @Override
  public void checkAddress(String address) {
    SecretAddress parsed = SecretAddress.parse(address, EXPECTED);
    URI url = parsed.url();
    if (url.getRawQuery() != null || !TOPIC.matcher(url.getRawPath()).matches()) {
      throw new IllegalArgumentException(
          "address is '%s', expected %s".formatted(parsed.url(), EXPECTED));
    }
  }

  @Override
  public String shown(String address) {
    return SecretAddress.shown(SecretAddress.parse(address, EXPECTED).url());
  }

  @Override
  public Pace pace() {
    return PACE;
  }

  @Override
  public Outcome send(Endpoint to, Letter letter) {
    SecretAddress address = SecretAddress.parse(to.address(), EXPECTED);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("topic", address.url().getPath().substring(1));
    body.put("title", PlainText.cut(letter.title(), LONGEST_TITLE));
    switch (letter) {
      case Letter.Test _ -> body.put("message", letter.title());
      case Letter.Told told -> {
        boolean urgent = told.notification().change().what().urgent();
        body.put("message", cut(told.text()));
        body.put("priority", urgent ? URGENT : USUAL);
        body.put("tags", tags(told.condition().turn()));
        body.put("click", told.open().toString());
      }
      case Letter.Several several -> {
        body.put("message", cut(several.text()));
        body.put("priority", USUAL);
        body.put("click", several.open().toString());
      }
      case Letter.Confirmation _ ->
          throw new IllegalArgumentException("ntfy is used without a confirmation");
    }
    return client.post(
        address.url().resolve("/").toString(),
        address.secret().isEmpty()
            ? Map.of()
            : Map.of("Authorization", "Bearer " + address.secret()),
        Json.mapper().writeValueAsString(body),
        NtfyCarrier::outcome);
  }

  private static List<String> tags(Turn turn) {
    return switch (turn) {
      case BEGINS -> List.of("warning");
      case ENDS -> List.of("white_check_mark");
      case NEITHER -> List.of();
    };
  }

  /**
   * A topic that is closed to its sender stays so; a server out of room (507) may have it again.
   */
  private static Outcome outcome(int status, String retryAfter, Instant now) {
    return switch (status) {
      case 400, 401, 403, 404, 413 -> new Outcome.Refused("HTTP " + status);
      default -> WebhookAnswer.outcome(status, retryAfter, now);
    };
  }

  private static String cut(String text) {
    String cut = text;
    while (cut.getBytes(StandardCharsets.UTF_8).length > LONGEST_MESSAGE_BYTES) {
      int over = cut.getBytes(StandardCharsets.UTF_8).length - LONGEST_MESSAGE_BYTES;
      // A character has three bytes at most, a pair of two four.
      cut = PlainText.cut(cut, Math.max(1, cut.length() - Math.max(1, over / 3)));
    }
    return cut;
  }
}
