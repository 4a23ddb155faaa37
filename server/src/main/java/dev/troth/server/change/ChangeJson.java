package dev.troth.server.change;

import dev.troth.server.http.Json;
import dev.troth.watch.change.Fields;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Fields as JSON, and the contents of changes as the log keeps them. */
public final class ChangeJson {
  private static final TypeReference<LinkedHashMap<String, @Nullable Object>> OBJECT =
      new TypeReference<>() {};
  private static final TypeReference<Map<String, Map<String, @Nullable Object>>> BODY =
      new TypeReference<>() {};

  private ChangeJson() {}

  /** The contents of a change, as its row holds them. */
  public static String body(Fields before, Fields after, Fields event) {
    Map<String, Object> body = new LinkedHashMap<>();
    if (!before.isEmpty()) {
      body.put("before", before.values());
    }
    if (!after.isEmpty()) {
      body.put("after", after.values());
    }
    if (!event.isEmpty()) {
      body.put("event", event.values());
    }
    return Json.mapper().writeValueAsString(body);
  }

  static Map<String, Map<String, @Nullable Object>> readBody(String text) {
    return Json.mapper().readValue(text, BODY);
  }

  public static String write(Fields fields) {
    return Json.mapper().writeValueAsString(fields.values());
  }

  public static SequencedMap<String, @Nullable Object> readFields(String text) {
    return Json.mapper().readValue(text, OBJECT);
  }
}
