package dev.troth.server.channel;

import dev.troth.server.endpoint.EndpointStore.Endpoint;
import dev.troth.server.http.Json;
import dev.troth.watch.change.PlainText;
import dev.troth.watch.delivery.Outcome;
import dev.troth.watch.delivery.Pace;
import dev.troth.watch.webhook.WebhookAnswer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Discord's webhooks, an embed a message. Nothing in it mentions anybody or becomes a format. The
 * address alone lets anybody post there, so it is never shown whole.
 */
public final class DiscordCarrier implements Carrier {
  private static final String EXPECTED = "a webhook such as https://discord.com/api/webhooks/…/…";

  /** Discord takes five requests in two seconds from one webhook. */
  private static final Pace PACE = new Pace(16, Duration.ofMillis(500));

  /** Discord's limits of an embed, in characters. */
  private static final int LONGEST_TITLE = 256;

  private static final int LONGEST_NAME = 256;
  private static final int LONGEST_VALUE = 1_024;
  private static final int MOST_FIELDS = 25;
  private static final int LONGEST_EMBED = 6_000;

  /** What Markdown, mentions and links begin with. */
  private static final Pattern MARKS = Pattern.compile("[\\\\`*_~|<>\\[\\]()#@:-]");

  private final PinnedClient client;

  public DiscordCarrier(PinnedClient client) {
    this.client = client;
  }

  @Override
  public String kind() {
    return "discord";
  }

  @Override
  public void checkAddress(String address) {
    URI _ = PinnedClient.requireWebAddress("address", address, EXPECTED);
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
    Map<String, Object> embed = new LinkedHashMap<>();
    String title = escaped(letter.title(), LONGEST_TITLE);
    embed.put("title", title);
    switch (letter) {
      case Letter.Test _ -> {
        // Its title says all of it.
      }
      case Letter.Told told -> {
        embed.put("url", told.open().toString());
        embed.put("timestamp", told.notification().change().at().toString());
        embed.put("fields", fields(told, LONGEST_EMBED - title.length()));
      }
      case Letter.Confirmation _ ->
          throw new IllegalArgumentException("Discord is used without a confirmation");
    }
    Map<String, Object> body =
        Map.of("embeds", List.of(embed), "allowed_mentions", Map.of("parse", List.of()));
    return client.post(
        to.address(), Map.of(), Json.mapper().writeValueAsString(body), DiscordCarrier::outcome);
  }

  private static List<Map<String, Object>> fields(Letter.Told told, int room) {
    List<Letter.Told.Line> lines = new ArrayList<>(told.facts());
    lines.addAll(told.fields());
    List<Map<String, Object>> fields = new ArrayList<>();
    int left = room;
    for (Letter.Told.Line line : lines) {
      String name = escaped(line.name(), LONGEST_NAME);
      String value = escaped(line.value(), LONGEST_VALUE);
      left -= name.length() + value.length();
      if (left < 0 || fields.size() == MOST_FIELDS) {
        break;
      }
      fields.add(Map.of("name", name, "value", value, "inline", value.length() < 40));
    }
    return fields;
  }

  /** With a backslash before each mark, and no backslash left alone at a cut. Never empty. */
  private static String escaped(String text, int longest) {
    String given = text.isBlank() ? "–" : text;
    String whole = MARKS.matcher(given).replaceAll("\\\\$0");
    for (int most = longest; whole.length() > longest; most -= 16) {
      whole = MARKS.matcher(PlainText.cut(given, most)).replaceAll("\\\\$0");
    }
    return whole;
  }

  /** Discord answers 404 for a webhook that was deleted. */
  private static Outcome outcome(int status, String retryAfter, Instant now) {
    return switch (status) {
      case 404 -> new Outcome.Gone("HTTP 404: Discord knows this webhook no more");
      case 400, 401, 403, 413 -> new Outcome.Refused("HTTP " + status);
      default -> WebhookAnswer.outcome(status, retryAfter, now);
    };
  }
}
