package dev.troth.cli.demo.story;

import dev.troth.cli.command.ApiClient;
import java.net.URI;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** How the developer was told of an alert: in the inbox, by e-mail and by webhook. */
final class Posts {
  private final ApiClient platform;
  private final URI mailbox;
  private final URI webhook;
  private final Waiting waiting;

  Posts(Scene scene, Waiting waiting) {
    this.platform = new ApiClient(scene.console(), Optional.empty());
    this.mailbox = scene.mailbox();
    this.webhook = scene.webhook();
    this.waiting = waiting;
  }

  /**
   * What came of one alert, found by the ids that link them: the incident in the notification, its
   * change's number in the deliveries, their keys in the messages.
   *
   * @param type of the change, such as {@code alert.fired}
   */
  Ids.Told of(String type, String subject, String incident) {
    long seq =
        waiting.until(
            "%s of %s in the inbox".formatted(type, incident),
            () -> notification(type, subject, incident));
    String mail = key(seq, "email");
    waiting.until(
        "the mail " + mail,
        () -> came(mailbox, letter -> letter.path("id").asString("").contains(mail)));
    String hook = key(seq, "webhook/demo");
    waiting.until(
        "the webhook " + hook,
        () -> came(webhook, message -> message.path("id").asString("").equals(hook)));
    return new Ids.Told(seq, mail, hook);
  }

  private Optional<Long> notification(String type, String subject, String incident) {
    return platform
        .get("/api/inbox?limit=200")
        .document()
        .path("items")
        .valueStream()
        .filter(item -> item.path("type").asString("").equals(type))
        .filter(item -> item.path("subject").asString("").equals(subject))
        .filter(item -> item.path("after").path("incident").asString("").equals(incident))
        .filter(Posts::isOfPage)
        .map(item -> item.path("seq").asLong())
        .findFirst();
  }

  /** A ticket may fire beside the page, in the same incident. */
  private static boolean isOfPage(JsonNode item) {
    return item.path("after").path("alert").asString("").equals("page")
        || item.path("before").path("alert").asString("").equals("page");
  }

  private String key(long seq, String channel) {
    return waiting.until(
        "the delivery of change %d by %s".formatted(seq, channel),
        () ->
            platform
                .get("/api/deliveries?state=delivered&limit=500")
                .document()
                .path("items")
                .valueStream()
                .filter(delivery -> delivery.path("seq").asLong() == seq)
                .filter(delivery -> delivery.path("channel").asString("").equals(channel))
                .map(delivery -> delivery.path("key").asString(""))
                .findFirst());
  }

  private static Optional<JsonNode> came(URI page, Predicate<JsonNode> wanted) {
    return new ApiClient(page.resolve("/"), Optional.empty())
        .get(page.getPath())
        .document()
        .valueStream()
        .filter(wanted)
        .findFirst();
  }
}
