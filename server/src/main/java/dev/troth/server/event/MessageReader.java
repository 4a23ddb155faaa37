package dev.troth.server.event;

import dev.troth.server.http.Json;
import dev.troth.server.http.ProblemException;
import dev.troth.watch.event.CloudEvent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Reads CloudEvents from the headers and values of messages, after the Kafka protocol binding
 * 1.0.2: structured and binary mode.
 */
final class MessageReader {
  private static final String PREFIX = "ce_";
  private static final String TYPE = "content-type";

  private MessageReader() {}

  /**
   * The event of a message.
   *
   * @throws IllegalArgumentException naming what is not as CloudEvents want it
   */
  static CloudEvent read(Map<String, byte[]> headers, byte @Nullable [] value) {
    String type = headers.containsKey(TYPE) ? text(TYPE, headers.get(TYPE)) : "";
    try {
      if (type.toLowerCase(Locale.ROOT).startsWith("application/cloudevents")) {
        return structured(type, value);
      }
      if (!headers.containsKey(PREFIX + "specversion")) {
        throw new IllegalArgumentException(
            "content-type is %s and there is no ce_specversion, expected %s or ce_ headers"
                .formatted(type.isEmpty() ? "missing" : "'" + type + "'", EventReader.STRUCTURED));
      }
      return binary(headers, type, value == null ? new byte[0] : value);
    } catch (ProblemException e) {
      throw new IllegalArgumentException(e.problem().detail(), e);
    }
  }

  private static CloudEvent structured(String type, byte @Nullable [] value) {
    String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!media.equals(EventReader.STRUCTURED)) {
      throw new IllegalArgumentException(
          "content-type is '%s', expected %s: one event a message"
              .formatted(type, EventReader.STRUCTURED));
    }
    if (value == null) {
      throw new IllegalArgumentException("the message has no value, expected a CloudEvent");
    }
    Json.requireCharacters(value);
    try {
      return EventReader.structured(Json.mapper().readTree(value));
    } catch (JacksonException e) {
      throw new IllegalArgumentException("the value is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static CloudEvent binary(Map<String, byte[]> headers, String type, byte[] value) {
    SequencedMap<String, String> attributes = new LinkedHashMap<>();
    headers.forEach((name, bytes) -> {
      if (name.startsWith(PREFIX)) {
        attributes.put(name.substring(PREFIX.length()), text(name, bytes));
      }
    });
    if (!type.isEmpty()) {
      attributes.put("datacontenttype", type);
    }
    String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return new CloudEvent(attributes, EventReader.data(media, value));
  }

  /** Attributes are UTF-8 (Kafka binding §3.2.3.2); unlike HTTP's, not percent-encoded. */
  private static String text(String name, byte @Nullable [] bytes) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes == null ? new byte[0] : bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("%s is not UTF-8".formatted(name), e);
    }
  }
}
