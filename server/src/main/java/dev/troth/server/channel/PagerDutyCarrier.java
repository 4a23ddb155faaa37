package dev.troth.server.channel;

import dev.troth.server.endpoint.EndpointStore.Endpoint;
import dev.troth.server.http.Json;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Condition;
import dev.troth.watch.change.Condition.Turn;
import dev.troth.watch.change.PlainText;
import dev.troth.watch.delivery.NotificationKey;
import dev.troth.watch.delivery.Outcome;
import dev.troth.watch.delivery.Pace;
import dev.troth.watch.webhook.WebhookAnswer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * PagerDuty's Events API v2: what begins triggers an alert, what ends it resolves it, and both name
 * it by the same key. The routing key alone lets anybody page the team, so it is never shown.
 */
public final class PagerDutyCarrier implements Carrier {
  private static final String EXPECTED =
      "an integration key of 32 letters and digits, alone or behind the # of"
          + " https://events.pagerduty.com/v2/enqueue or of its EU address";
  private static final String USUAL = "https://events.pagerduty.com/v2/enqueue";
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9]{32}");
  private static final Pace PACE = new Pace(16, Duration.ofMillis(500));

  private static final int LONGEST_SUMMARY = 1_024;
  private static final int LONGEST_KEY = 255;

  private final PinnedClient client;

  public PagerDutyCarrier(PinnedClient client) {
    this.client = client;
  }

  @Override
  public String kind() {
    return "pagerduty";
  }

  private static SecretAddress parse(String address) {
    String whole = KEY.matcher(address).matches() ? USUAL + "#" + address : address;
    if (whole.indexOf('#') < 0) {
      // It may be a key with a slip, which no message repeats.
      throw new IllegalArgumentException("address has no integration key, expected " + EXPECTED);
    }
    SecretAddress parsed = SecretAddress.parse(whole, EXPECTED);
    if (!KEY.matcher(parsed.secret()).matches()) {
      throw new IllegalArgumentException(
          "what follows the # of %s is no integration key, expected %s"
              .formatted(parsed.url(), EXPECTED));
    }
    return parsed;
  }

  @Override
  public void checkAddress(String address) {
    SecretAddress _ = parse(address);
  }

  @Override
  public String shown(String address) {
    return SecretAddress.shown(parse(address).url());
  }

  @Override
  public Pace pace() {
    return PACE;
  }

  /** What begins and what ends are alerts of their own. */
  @Override
  public boolean digests() {
    return false;
  }

  @Override
  public Outcome send(Endpoint to, Letter letter) {
    SecretAddress address = parse(to.address());
    return switch (letter) {
      case Letter.Told told -> post(address, event(address, told));
      case Letter.Test test -> {
        Outcome triggered = post(address, testEvent(address, test, "trigger"));
        // Nobody is to be woken for longer than the test takes.
        yield triggered instanceof Outcome.Delivered
            ? post(address, testEvent(address, test, "resolve"))
            : triggered;
      }
      case Letter.Confirmation _ ->
          throw new IllegalArgumentException("PagerDuty is used without a confirmation");
      case Letter.Several _ -> throw new IllegalArgumentException("PagerDuty takes no digests");
    };
  }

  private Outcome post(SecretAddress address, Map<String, Object> event) {
    URI url = address.url();
    return client.post(
        url.toString(),
        Map.of(),
        Json.mapper().writeValueAsString(event),
        PagerDutyCarrier::outcome);
  }

  private static Map<String, Object> event(SecretAddress address, Letter.Told told) {
    Change change = told.notification().change();
    Condition condition = told.condition();
    boolean ends = condition.turn() == Turn.ENDS;
    Map<String, Object> event =
        envelope(address, ends ? "resolve" : "trigger", key(condition.key()));
    if (!ends) {
      Map<String, Object> details = new LinkedHashMap<>();
      told.facts().forEach(line -> details.put(line.name(), line.value()));
      Map<String, Object> fields = new LinkedHashMap<>();
      told.fields().forEach(line -> fields.put(line.name(), line.value()));
      details.put("Fields", fields);
      Map<String, Object> payload = new LinkedHashMap<>();
      payload.put("summary", PlainText.cut(told.title(), LONGEST_SUMMARY));
      payload.put("source", change.subject().toString());
      payload.put("severity", severity(change, condition.turn()));
      payload.put("timestamp", change.at().toString());
      payload.put("class", change.type());
      payload.put("custom_details", details);
      event.put("payload", payload);
      event.put("client", "Troth");
      event.put("client_url", told.open().toString());
      event.put("links", List.of(Map.of("href", told.open().toString(), "text", "Open it")));
    }
    return event;
  }

  private static Map<String, Object> testEvent(
      SecretAddress address, Letter.Test test, String action) {
    NotificationKey key = test.key();
    Map<String, Object> event = envelope(address, action, key.text());
    event.put("payload", Map.of("summary", test.title(), "source", "troth", "severity", "info"));
    return event;
  }

  private static Map<String, Object> envelope(SecretAddress address, String action, String key) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("routing_key", address.secret());
    event.put("event_action", action);
    event.put("dedup_key", key);
    return event;
  }

  private static String severity(Change change, Turn turn) {
    return switch (turn) {
      case BEGINS, ENDS -> change.what().urgent() ? "critical" : "warning";
      case NEITHER -> change.what().urgent() ? "error" : "info";
    };
  }

  /** One that is too long keeps its beginning, and stays unlike all others by its hash. */
  private static String key(String text) {
    if (text.length() <= LONGEST_KEY) {
      return text;
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      String tail = HexFormat.of().formatHex(hash);
      return PlainText.cut(text, LONGEST_KEY - tail.length()) + tail;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** A key that PagerDuty does not know (400) stays unknown. */
  private static Outcome outcome(int status, String retryAfter, Instant now) {
    return switch (status) {
      case 400, 401, 403, 404, 413 -> new Outcome.Refused("HTTP " + status);
      default -> WebhookAnswer.outcome(status, retryAfter, now);
    };
  }
}
