package dev.troth.server.channel;

import dev.troth.server.endpoint.EndpointStore.Endpoint;
import dev.troth.server.http.Json;
import dev.troth.watch.delivery.Outcome;
import dev.troth.watch.delivery.Pace;
import dev.troth.watch.webhook.WebhookAnswer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Slack's incoming webhooks with Block Kit, a message a second to each. The address alone lets
 * anybody post there, so it is never shown whole.
 */
public final class SlackCarrier implements Carrier {
  /** What Slack allows a webhook; it answers more with 429. */
  private static final Pace PACE = new Pace(16, Duration.ofSeconds(1));

  /** Block Kit: a header, the text of a field and of a section, and the fields of a section. */
  private static final int LONGEST_HEADER = 150;

  private static final int LONGEST_FIELD = 2_000;
  private static final int LONGEST_SECTION = 3_000;
  private static final int MOST_FIELDS = 10;

  private final PinnedClient client;

  public SlackCarrier(PinnedClient client) {
    this.client = client;
  }

  @Override
  public String kind() {
    return "slack";
  }

  @Override
  public void checkAddress(String address) {
    URI _ =
        PinnedClient.requireWebAddress(
            "address", address, "an incoming webhook such as https://hooks.slack.com/services/…");
  }

  @Override
  public String shown(String address) {
    return SecretAddress.shown(URI.create(address));
  }

  @Override
  public Pace pace() {
    return PACE;
  }

  @Override
  public Outcome send(Endpoint to, Letter letter) {
    List<Map<String, Object>> blocks = new ArrayList<>();
    blocks.add(block("header", "text", plain(letter.title(), LONGEST_HEADER)));
    switch (letter) {
      case Letter.Test _ -> {
        // Its title says all of it.
      }
      case Letter.Told told -> {
        blocks.add(block("section", "fields", fields(told.facts())));
        if (!told.fields().isEmpty()) {
          blocks.add(block("section", "text", plain(lines(told.fields()), LONGEST_SECTION)));
        }
        blocks.add(
            block(
                "section",
                "text",
                Map.of(
                    "type",
                    "mrkdwn",
                    "text",
                    "<" + escaped(told.open().toString()) + "|Open it>")));
      }
      case Letter.Confirmation _ ->
          throw new IllegalArgumentException("Slack is used without a confirmation");
    }
    String body =
        Json.mapper()
            .writeValueAsString(
                Map.of(
                    "text",
                    cut(escaped(letter.title()), LONGEST_SECTION),
                    "blocks",
                    blocks,
                    "unfurl_links",
                    false));
    return client.post(to.address(), Map.of(), body, SlackCarrier::outcome);
  }

  /** A webhook that Slack has taken back is no more; what it refuses once it refuses always. */
  private static Outcome outcome(int status, String retryAfter, Instant now) {
    return switch (status) {
      case 404 -> new Outcome.Gone("HTTP 404: Slack knows this webhook no more");
      case 400, 403 -> new Outcome.Refused("HTTP " + status);
      default -> WebhookAnswer.outcome(status, retryAfter, now);
    };
  }

  private static Map<String, Object> block(String type, String name, Object value) {
    return Map.of("type", type, name, value);
  }

  private static List<Map<String, Object>> fields(List<Letter.Told.Line> lines) {
    return lines.stream()
        .limit(MOST_FIELDS)
        .map(line -> plain(line.name() + ": " + line.value(), LONGEST_FIELD))
        .toList();
  }

  private static String lines(List<Letter.Told.Line> lines) {
    return String.join(
        "\n", lines.stream().map(line -> line.name() + ": " + line.value()).toList());
  }

  /** Plain, so that nothing in a value is a mention, a link or a format. */
  private static Map<String, Object> plain(String text, int longest) {
    return Map.of("type", "plain_text", "text", cut(escaped(text), longest), "emoji", false);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** So much of an escaped text, with no half of a character or of an escape at its end. */
  private static String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int end = longest - 1;
    int escape = text.lastIndexOf('&', end - 1);
    if (escape >= 0 && end - escape < 5 && text.indexOf(';', escape) >= end) {
      end = escape;
    }
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + "…";
  }
}
