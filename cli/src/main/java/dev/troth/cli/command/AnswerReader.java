package dev.troth.cli.command;

import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what the platform answers into records that name the members a command needs. */
final class AnswerReader {
  /** A newer platform may say more than a command reads. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private AnswerReader() {}

  static <T> T read(JsonNode document, Class<T> type) {
    if (!document.isObject() && !document.isArray()) {
      return MAPPER.convertValue(Map.of(), type);
    }
    try {
      return MAPPER.treeToValue(document, type);
    } catch (JacksonException e) {
      throw CommandException.failed(
          "the platform's answer cannot be read: " + e.getOriginalMessage());
    }
  }
}
