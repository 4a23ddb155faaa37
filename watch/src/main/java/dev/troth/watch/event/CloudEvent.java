package dev.troth.watch.event;

import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.change.Subject;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An event after CloudEvents 1.0.2.
 *
 * @param attributes the context attributes and extensions, all as texts
 * @param data the data's fields; data that is no object stands under {@code data}
 */
public record CloudEvent(SequencedMap<String, String> attributes, Fields data) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]{1,64}");
  private static final int LONGEST = 1_024;
  private static final int MOST = 64;

  public CloudEvent {
    attributes = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(attributes));
    String version = attributes.getOrDefault("specversion", "");
    if (!version.equals("1.0")) {
      throw new IllegalArgumentException("specversion is '%s', expected 1.0".formatted(version));
    }
    if (attributes.size() > MOST) {
      throw new IllegalArgumentException(
          "event has %d attributes, expected at most %d".formatted(attributes.size(), MOST));
    }
    attributes.forEach(CloudEvent::check);
    for (String name : List.of("id", "source", "type")) {
      if (attributes.getOrDefault(name, "").isBlank()) {
        throw new IllegalArgumentException(name + " is missing, expected a text");
      }
    }
    checkKey("id", attributes.getOrDefault("id", ""));
    checkKey("source", attributes.getOrDefault("source", ""));
    checkTime(attributes.get("time"));
  }

  private static void check(String name, String value) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "attribute name is '%s', expected 1 to 64 of a-z and 0-9".formatted(name));
    }
    if (value.length() > LONGEST || value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "%s has %d characters, expected at most %d and no controls"
              .formatted(name, value.length(), LONGEST));
    }
  }

  /** Both are a key together, and a key is short in bytes. */
  private static void checkKey(String name, String value) {
    int bytes = value.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > LONGEST) {
      throw new IllegalArgumentException(
          "%s has %d bytes, expected at most %d".formatted(name, bytes, LONGEST));
    }
  }

  private static void checkTime(@Nullable String time) {
    if (time == null) {
      return;
    }
    try {
      var _ = OffsetDateTime.parse(time);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "time is '%s', expected RFC 3339 such as 2026-01-31T12:00:00Z".formatted(time), e);
    }
  }

  public String id() {
    return attributes.getOrDefault("id", "");
  }

  /** Who made it; source and id together name one event. */
  public String source() {
    return attributes.getOrDefault("source", "");
  }

  public String type() {
    return attributes.getOrDefault("type", "");
  }

  /**
   * What the event is about: its subject when that is written {@code type/id}, {@code
   * event/<subject>} when it is another text, {@code event/<type>} when it has none. A {@code *},
   * which stands for any in a target, is {@code %2A}.
   */
  public Subject subject() {
    String text = attributes.getOrDefault("subject", "").replace("*", "%2A");
    if (text.isEmpty()) {
      return new Subject("event", type().replace("*", "%2A"));
    }
    try {
      return Subject.parse(text);
    } catch (IllegalArgumentException notOurs) {
      return new Subject("event", text);
    }
  }

  /** The change that the event states. Its source is its actor, whoever carried it here. */
  public NewChange change() {
    return NewChange.of(subject(), type(), source()).after(data).event(Fields.of(attributes));
  }
}
