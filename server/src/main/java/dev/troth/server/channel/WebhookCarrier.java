package dev.troth.server.channel;

import dev.troth.server.change.ChangeView;
import dev.troth.server.endpoint.EndpointStore.Endpoint;
import dev.troth.server.http.Json;
import dev.troth.watch.Reason;
import dev.troth.watch.change.Change;
import dev.troth.watch.delivery.Outcome;
import dev.troth.watch.webhook.WebhookAnswer;
import dev.troth.watch.webhook.WebhookRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;

/** Webhooks after Standard Webhooks 1.0. */
public final class WebhookCarrier implements Carrier {
  private static final String TEST =
      "{\"type\":\"endpoint.test\",\"data\":{\"title\":\"A test from Troth\"}}";
  private static final int LONGEST_BODY = 20_000;

  private final PinnedClient client;
  private final Clock clock;

  public WebhookCarrier(PinnedClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return "webhook";
  }

  @Override
  public void checkAddress(String text) {
    URI _ =
        PinnedClient.requireWebAddress(
            "address", text, "http(s)://host/path in ASCII, without a user or a #");
  }

  @Override
  public boolean signs() {
    return true;
  }

  @Override
  public Outcome send(Endpoint to, Letter letter) {
    String body =
        switch (letter) {
          case Letter.Told told -> body(told);
          case Letter.Test _ -> TEST;
          case Letter.Confirmation _ ->
              throw new IllegalArgumentException("a webhook is used without a confirmation");
        };
    WebhookRequest signed =
        WebhookRequest.signed(letter.key(), clock.instant(), body, to.secrets());
    return client.post(to.address(), signed.headers(), signed.body(), WebhookAnswer::outcome);
  }

  /** What a receiver is told. */
  private record Data(String user, Reason reason, String title, ChangeView change) {}

  /** The body of a request, after Standard Webhooks. */
  private record Payload(String type, Instant timestamp, Object data) {}

  private static String body(Letter.Told told) {
    Change change = told.notification().change();
    ChangeView view = ChangeView.of(change);
    String body = body(told, view);
    return body.getBytes(StandardCharsets.UTF_8).length > LONGEST_BODY
        ? body(told, view.shortened())
        : body;
  }

  private static String body(Letter.Told told, ChangeView view) {
    Change change = told.notification().change();
    Data data =
        new Data(
            told.notification().watch().user(), told.notification().reason(), told.title(), view);
    return Json.mapper().writeValueAsString(new Payload(change.type(), change.at(), data));
  }
}
