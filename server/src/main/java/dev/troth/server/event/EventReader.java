package dev.troth.server.event;

import dev.troth.server.change.ChangeJson;
import dev.troth.server.http.Json;
import dev.troth.server.http.Problem;
import dev.troth.watch.change.Fields;
import dev.troth.watch.event.CloudEvent;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads CloudEvents from the headers, by lower-case names, and bodies of HTTP requests, after the
 * HTTP protocol binding 1.0.2: structured, batched and binary mode.
 */
final class EventReader {
  static final String STRUCTURED = "application/cloudevents+json";
  static final String BATCH = "application/cloudevents-batch+json";

  private static final String PREFIX = "ce-";

  private EventReader() {}

  /** How the events of a request are packed. */
  enum Mode {
    STRUCTURED,
    BATCH,
    BINARY
  }

  /** The mode of a request, or 415 when it is none. */
  static Mode mode(Map<String, String> headers) {
    String type = contentType(headers).toLowerCase(Locale.ROOT);
    if (type.equals(STRUCTURED)) {
      return Mode.STRUCTURED;
    }
    if (type.equals(BATCH)) {
      return Mode.BATCH;
    }
    if (headers.containsKey("ce-specversion")) {
      return Mode.BINARY;
    }
    throw Problem.of(
            415,
            "Content-Type is %s without ce-specversion, expected %s, %s, or ce- headers"
                .formatted(type.isEmpty() ? "missing" : type, STRUCTURED, BATCH))
        .toException();
  }

  private static String contentType(Map<String, String> headers) {
    return headers.getOrDefault("content-type", "").split(";", 2)[0].strip();
  }

  /** The members of a batch, not yet looked into. */
  static List<JsonNode> batch(byte[] body) {
    JsonNode array = Json.parse(body, JsonNode.class);
    if (!array.isArray()) {
      throw Problem.badRequest("the batch is no array, expected an array of events").toException();
    }
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  /**
   * An event in the JSON format.
   *
   * @throws IllegalArgumentException naming what is not as CloudEvents want it
   */
  static CloudEvent structured(JsonNode event) {
    if (!event.isObject()) {
      throw new IllegalArgumentException("the event is no object, expected a CloudEvent");
    }
    if (event.has("data") && event.has("data_base64")) {
      throw new IllegalArgumentException("the event has data and data_base64, expected one");
    }
    SequencedMap<String, String> attributes = new LinkedHashMap<>();
    for (var member : event.properties()) {
      String name = member.getKey();
      JsonNode value = member.getValue();
      if (!name.equals("data") && !name.equals("data_base64") && !value.isNull()) {
        if (!value.isValueNode()) {
          throw new IllegalArgumentException(
              "%s is %s, expected a text, number or boolean".formatted(name, value));
        }
        attributes.put(name, value.asString());
      }
    }
    return new CloudEvent(attributes, data(event));
  }

  private static Fields data(JsonNode event) {
    if (event.has("data_base64")) {
      String text = event.path("data_base64").asString("");
      try {
        var _ = Base64.getDecoder().decode(text);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "data_base64 is not base64: %s".formatted(e.getMessage()), e);
      }
      return Fields.of("data_base64", text);
    }
    return fields(event.get("data"));
  }

  private static Fields fields(@Nullable JsonNode data) {
    if (data == null || data.isNull() || data.isMissingNode()) {
      return Fields.none();
    }
    if (data.isObject()) {
      return new Fields(ChangeJson.readFields(data.toString()));
    }
    return new Fields(ChangeJson.readFields("{\"data\":" + data + "}"));
  }

  /**
   * An event whose attributes are {@code ce-} headers and whose data is the body.
   *
   * @throws IllegalArgumentException naming what is not as CloudEvents want it
   */
  static CloudEvent binary(Map<String, String> headers, byte[] body) {
    SequencedMap<String, String> attributes = new LinkedHashMap<>();
    headers.forEach((name, value) -> {
      if (name.startsWith(PREFIX)) {
        attributes.put(name.substring(PREFIX.length()), decoded(name, value));
      }
    });
    String type = contentType(headers);
    if (!type.isEmpty()) {
      attributes.put("datacontenttype", type);
    }
    return new CloudEvent(attributes, data(type.toLowerCase(Locale.ROOT), body));
  }

  /**
   * Header values are percent-encoded UTF-8 (HTTP binding §3.1.3.2); what is not must be refused
   * (§3.1.3.3).
   */
  private static String decoded(String name, String value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] given = value.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < given.length; i++) {
      if (given[i] == '%') {
        int high = i + 2 <= given.length - 1 ? Character.digit(given[i + 1], 16) : -1;
        int low = i + 2 <= given.length - 1 ? Character.digit(given[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          throw undecodable(name, value);
        }
        bytes.write(16 * high + low);
        i += 2;
      } else {
        bytes.write(given[i]);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw undecodable(name, value);
    }
  }

  private static IllegalArgumentException undecodable(String name, String value) {
    return new IllegalArgumentException(
        "%s is '%s', expected percent-encoded UTF-8".formatted(name, value));
  }

  /** The data of a body with this content type. */
  static Fields data(String type, byte[] body) {
    if (body.length == 0) {
      return Fields.none();
    }
    if (type.isEmpty() || type.equals("application/json") || type.endsWith("+json")) {
      try {
        Json.requireCharacters(body);
        return fields(Json.mapper().readTree(body));
      } catch (JacksonException e) {
        throw new IllegalArgumentException(
            "data is not the JSON that its type says: " + e.getOriginalMessage(), e);
      }
    }
    if (type.startsWith("text/") && new String(body, StandardCharsets.UTF_8).indexOf('\0') >= 0) {
      throw new IllegalArgumentException("data has the character U+0000, expected text without it");
    }
    return type.startsWith("text/")
        ? Fields.of("data", new String(body, StandardCharsets.UTF_8))
        : Fields.of("data_base64", Base64.getEncoder().encodeToString(body));
  }
}
