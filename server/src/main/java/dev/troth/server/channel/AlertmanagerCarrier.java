package dev.troth.server.channel;

import dev.troth.server.endpoint.EndpointStore.Endpoint;
import dev.troth.server.http.Json;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Condition;
import dev.troth.watch.change.PlainText;
import dev.troth.watch.delivery.Outcome;
import dev.troth.watch.webhook.WebhookAnswer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Prometheus' Alertmanager by its API v2, so that whatever it pages by pages for Troth too. Labels
 * are an alert's identity there, so its end has those of its beginning.
 */
public final class AlertmanagerCarrier implements Carrier {
  private static final String EXPECTED =
      "the address of an Alertmanager such as https://alerts.example:9093, with user:password or a"
          + " bearer token behind a # where one is needed";

  /**
   * Alertmanager ends by itself what names no end and is not repeated. What is told once has to
   * outlast the longest outage of whoever tells its end: more than all steps of a delivery.
   */
  private static final Duration UNTIL_FORGOTTEN = Duration.ofDays(7);

  private static final int LONGEST_LABEL = 1_024;

  private final PinnedClient client;
  private final Clock clock;

  public AlertmanagerCarrier(PinnedClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return "alertmanager";
  }

  @Override
  public void checkAddress(String address) {
    URI url = SecretAddress.parse(address, EXPECTED).url();
    if (url.getRawQuery() != null) {
      throw new IllegalArgumentException("address is '%s', expected %s".formatted(url, EXPECTED));
    }
  }

  @Override
  public String shown(String address) {
    SecretAddress parsed = SecretAddress.parse(address, EXPECTED);
    return parsed.url() + (parsed.secret().isEmpty() ? "" : "#…");
  }

  /** What begins and what ends are alerts of their own. */
  @Override
  public boolean digests() {
    return false;
  }

  @Override
  public Outcome send(Endpoint to, Letter letter) {
    SecretAddress address = SecretAddress.parse(to.address(), EXPECTED);
    Map<String, Object> alert =
        switch (letter) {
          case Letter.Told told -> alert(told);
          case Letter.Test test -> test(test);
          case Letter.Confirmation _ ->
              throw new IllegalArgumentException("Alertmanager is used without a confirmation");
          case Letter.Several _ ->
              throw new IllegalArgumentException("Alertmanager takes no digests");
        };
    String base = address.url().toString().replaceAll("/+$", "");
    return client.post(
        base + "/api/v2/alerts",
        login(address.secret()),
        Json.mapper().writeValueAsString(List.of(alert)),
        AlertmanagerCarrier::outcome);
  }

  private static Map<String, String> login(String secret) {
    if (secret.isEmpty()) {
      return Map.of();
    }
    return Map.of(
        "Authorization",
        secret.indexOf(':') >= 0
            ? "Basic " + Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8))
            : "Bearer " + secret);
  }

  private static Map<String, Object> alert(Letter.Told told) {
    Change change = told.notification().change();
    Condition condition = told.condition();
    Map<String, Object> labels = new LinkedHashMap<>();
    labels.put(
        "alertname", condition.name().isEmpty() ? label(change.type()) : label(condition.name()));
    labels.put("subject", label(change.subject().toString()));
    labels.put("subject_type", change.subject().type());
    labels.put("severity", severity(condition));
    labels.put("source", "troth");
    Map<String, Object> annotations = new LinkedHashMap<>();
    annotations.put("summary", told.title());
    annotations.put("description", told.text());
    Map<String, Object> alert = new LinkedHashMap<>();
    alert.put("labels", labels);
    alert.put("annotations", annotations);
    alert.put("startsAt", change.at().toString());
    switch (condition.turn()) {
      case BEGINS -> alert.put("endsAt", change.at().plus(UNTIL_FORGOTTEN).toString());
      case ENDS -> alert.put("endsAt", change.at().toString());
      case NEITHER -> {
        // Alertmanager ends it after its own resolve_timeout.
      }
    }
    alert.put("generatorURL", told.open().toString());
    return alert;
  }

  private Map<String, Object> test(Letter.Test test) {
    Instant now = clock.instant();
    return Map.of(
        "labels",
        Map.of(
            "alertname",
            "TrothTest",
            "severity",
            "info",
            "source",
            "troth",
            "test",
            test.key().text()),
        "annotations",
        Map.of("summary", test.title()),
        "startsAt",
        now.toString(),
        "endsAt",
        now.plus(Duration.ofMinutes(1)).toString());
  }

  /** It is a label, so it may not depend on anything that only the beginning or the end says. */
  private static String severity(Condition condition) {
    return switch (condition.turn()) {
      case NEITHER -> "info";
      case BEGINS, ENDS ->
          switch (condition.name()) {
            case "alert page", "agent", "endpoint" -> "critical";
            default -> "warning";
          };
    };
  }

  private static String label(String text) {
    return PlainText.brief(text, LONGEST_LABEL);
  }

  /** 400 is Alertmanager's word for an alert that it will never take. */
  private static Outcome outcome(int status, String retryAfter, Instant now) {
    return switch (status) {
      case 400, 401, 403, 404, 413 -> new Outcome.Refused("HTTP " + status);
      default -> WebhookAnswer.outcome(status, retryAfter, now);
    };
  }
}
