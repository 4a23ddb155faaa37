package dev.troth.server.source;

import dev.troth.server.event.Events;
import dev.troth.server.http.Json;
import dev.troth.server.rabbit.QueueMessage;
import dev.troth.server.source.StreamSettings.QueueSettings;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.Subject;
import dev.troth.watch.event.CloudEvent;
import dev.troth.watch.source.Flattened;
import dev.troth.watch.source.JsonPointer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * The events that messages of a queue state: CloudEvents by the AMQP binding, and others by their
 * properties and body.
 */
final class Messages {
  private static final Pattern ATTRIBUTE = Pattern.compile("cloudEvents[:_]([a-z0-9]{1,64})");
  private static final String USUAL_TYPE = "queue.received";

  private final Events events;
  private final QueueSettings settings;
  private final String actor;

  Messages(Events events, QueueSettings settings, String actor) {
    this.events = events;
    this.settings = settings;
    this.actor = actor;
  }

  /**
   * The event of a message.
   *
   * @throws IllegalArgumentException when there can be none
   * @throws dev.troth.server.error.DomainException.Invalid when there can be none
   */
  CloudEvent read(QueueMessage message) {
    byte[] body = message.body();
    if (body == null) {
      throw new IllegalArgumentException(
          "the body has %d bytes, expected at most %d"
              .formatted(message.length(), QueueMessage.LONGEST));
    }
    Map<String, byte[]> attributes = attributes(message);
    String media = media(message);
    if (media.startsWith("application/cloudevents") || attributes.containsKey("ce_specversion")) {
      attributes.put("content-type", message.contentType().getBytes(StandardCharsets.UTF_8));
      return events.readMessage(attributes, body);
    }
    return events.read(() -> plain(message, media, body));
  }

  /** As Kafka's binding names them, whose values are the same. */
  private static Map<String, byte[]> attributes(QueueMessage message) {
    Map<String, byte[]> attributes = new TreeMap<>();
    message
        .headers()
        .forEach((name, value) -> {
          var matcher = ATTRIBUTE.matcher(name);
          if (matcher.matches()) {
            attributes.put("ce_" + matcher.group(1), value.getBytes(StandardCharsets.UTF_8));
          }
        });
    return attributes;
  }

  private static String media(QueueMessage message) {
    return message.contentType().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  private CloudEvent plain(QueueMessage message, String media, byte[] body) {
    SequencedMap<String, String> attributes = new LinkedHashMap<>();
    attributes.put("specversion", "1.0");
    // Without the sender's id nothing says whether two messages are one.
    attributes.put("id", message.id().isEmpty() ? UUID.randomUUID().toString() : message.id());
    attributes.put("source", actor);
    attributes.put("type", message.type().isBlank() ? USUAL_TYPE : message.type());
    Content content = content(media, body);
    attributes.put("subject", about(content).toString());
    return new CloudEvent(attributes, fields(content));
  }

  /**
   * What a body holds.
   *
   * @param name of the field for what is no JSON object
   */
  private record Content(boolean json, String name, @Nullable Object value) {}

  private static Content content(String media, byte[] body) {
    if (media.equals("application/json") || media.endsWith("+json")) {
      return new Content(true, "value", json(body));
    }
    if (media.startsWith("text/")) {
      return new Content(
          false,
          "value",
          text(body)
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "the body is %s, expected it in UTF-8 and without U+0000".formatted(media))));
    }
    if (media.isEmpty()) {
      // Many senders say nothing of what they send.
      try {
        return new Content(true, "value", json(body));
      } catch (IllegalArgumentException notJson) {
        Optional<String> text = text(body);
        if (text.isPresent()) {
          return new Content(false, "value", text.get());
        }
      }
    }
    return new Content(false, "base64", Base64.getEncoder().encodeToString(body));
  }

  private static @Nullable Object json(byte[] body) {
    try {
      Json.requireCharacters(body);
      return Json.mapper().readValue(body, Object.class);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "the body is no JSON: " + e.getOriginalMessage().replaceAll("\\s+", " "), e);
    }
  }

  private static Optional<String> text(byte[] body) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      return text.indexOf('\0') < 0 ? Optional.of(text) : Optional.empty();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private Fields fields(Content content) {
    if (!content.json()) {
      return Fields.of(content.name(), String.valueOf(content.value()));
    }
    Object part = JsonPointer.parse(settings.pointer()).in(content.value());
    if (part == null && !settings.pointer().isEmpty()) {
      throw new IllegalArgumentException(
          "the body has nothing at %s".formatted(settings.pointer()));
    }
    return Flattened.of(part);
  }

  private Subject about(Content content) {
    if (settings.id().isEmpty()) {
      return Subject.parse(settings.subject());
    }
    Object found = content.json() ? JsonPointer.parse(settings.id()).in(content.value()) : null;
    String id = found instanceof String || found instanceof Number ? found.toString() : "";
    if (id.isEmpty()) {
      throw new IllegalArgumentException(
          "the body has no text or number at %s, expected the id of its subject"
              .formatted(settings.id()));
    }
    return Subject.parse(settings.subject() + "/" + id.replace("*", "%2A"));
  }
}
