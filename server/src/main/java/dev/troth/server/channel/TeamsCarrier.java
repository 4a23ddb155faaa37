package dev.troth.server.channel;

import dev.troth.server.endpoint.EndpointStore.Endpoint;
import dev.troth.server.http.Json;
import dev.troth.watch.change.PlainText;
import dev.troth.watch.delivery.Outcome;
import dev.troth.watch.delivery.Pace;
import dev.troth.watch.webhook.WebhookAnswer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Microsoft Teams by a workflow that starts "when a Teams webhook request is received", with an
 * Adaptive Card. All text is in runs, which know no Markdown. The address is signed, so it is never
 * shown whole.
 */
public final class TeamsCarrier implements Carrier {
  private static final String EXPECTED =
      "the address of a workflow such as https://….logic.azure.com/workflows/…";
  private static final String SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json";

  /** Teams takes four requests a second from one address. */
  private static final Pace PACE = new Pace(16, Duration.ofMillis(250));

  /** Teams takes messages of 28 KB. */
  private static final int LONGEST_BODY = 27_000;

  private final PinnedClient client;

  public TeamsCarrier(PinnedClient client) {
    this.client = client;
  }

  @Override
  public String kind() {
    return "teams";
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
    String body =
        switch (letter) {
          case Letter.Test test -> card(List.of(title(test)), List.of());
          case Letter.Told told -> card(told);
          case Letter.Confirmation _ ->
              throw new IllegalArgumentException("Teams is used without a confirmation");
        };
    return client.post(to.address(), Map.of(), body, TeamsCarrier::outcome);
  }

  /** The card with as many of the fields as Teams takes. */
  private static String card(Letter.Told told) {
    List<Map<String, Object>> actions =
        List.of(
            Map.of("type", "Action.OpenUrl", "title", "Open it", "url", told.open().toString()));
    for (int fields = told.fields().size(); ; fields /= 2) {
      List<Map<String, Object>> body = new ArrayList<>(List.of(title(told)));
      told.facts().forEach(line -> body.add(line(line)));
      told.fields().stream().limit(fields).forEach(line -> body.add(line(line)));
      String card = card(body, actions);
      if (fields == 0 || card.getBytes(StandardCharsets.UTF_8).length <= LONGEST_BODY) {
        return card;
      }
    }
  }

  private static String card(List<Map<String, Object>> body, List<Map<String, Object>> actions) {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("$schema", SCHEMA);
    content.put("type", "AdaptiveCard");
    content.put("version", "1.4");
    content.put("body", body);
    if (!actions.isEmpty()) {
      content.put("actions", actions);
    }
    Map<String, Object> attachment =
        Map.of("contentType", "application/vnd.microsoft.card.adaptive", "content", content);
    return Json.mapper()
        .writeValueAsString(Map.of("type", "message", "attachments", List.of(attachment)));
  }

  private static Map<String, Object> title(Letter letter) {
    return block(List.of(run(letter.title(), Map.of("weight", "bolder", "size", "medium"))));
  }

  private static Map<String, Object> line(Letter.Told.Line line) {
    return block(
        List.of(run(line.name() + ": ", Map.of("weight", "bolder")), run(line.value(), Map.of())));
  }

  private static Map<String, Object> block(List<Map<String, Object>> runs) {
    return Map.of("type", "RichTextBlock", "inlines", runs);
  }

  private static Map<String, Object> run(String text, Map<String, Object> style) {
    Map<String, Object> run = new LinkedHashMap<>(style);
    run.put("type", "TextRun");
    run.put("text", PlainText.cut(text, 1_000));
    return run;
  }

  /** A workflow that is not found was deleted. */
  private static Outcome outcome(int status, String retryAfter, Instant now) {
    return switch (status) {
      case 404 -> new Outcome.Gone("HTTP 404: Teams knows this workflow no more");
      case 400, 401, 403, 413 -> new Outcome.Refused("HTTP " + status);
      default -> WebhookAnswer.outcome(status, retryAfter, now);
    };
  }
}
