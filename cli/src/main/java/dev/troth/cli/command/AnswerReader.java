package dev.troth.cli.command;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what the platform answers into records that name the members a command needs.
 *
 * <p>A component without {@link Nullable} has to be there. Another server may answer 200 as well,
 * and nothing that it leaves out is taken for an empty list or a 0.
 */
final class AnswerReader {
  /** A newer platform may say more than a command reads. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private AnswerReader() {}

  static <T> T read(JsonNode document, Class<T> type) {
    if (!document.isObject() && !document.isArray()) {
      require(MAPPER.createObjectNode(), type, "");
      return MAPPER.convertValue(Map.of(), type);
    }
    try {
      require(document, type, "");
      return MAPPER.treeToValue(document, type);
    } catch (JacksonException e) {
      throw CommandException.failed(
          "the platform's answer cannot be read: " + e.getOriginalMessage());
    }
  }

  private static void require(JsonNode node, Type type, String place) {
    if (type instanceof ParameterizedType list && node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        require(node.get(i), list.getActualTypeArguments()[0], place + "/" + i);
      }
    }
    if (type instanceof Class<?> record && record.isRecord() && node.isObject()) {
      for (RecordComponent component : record.getRecordComponents()) {
        String at = place + "/" + name(component);
        JsonNode member = node.path(name(component));
        if (!member.isMissingNode() && !member.isNull()) {
          require(member, component.getGenericType(), at);
        } else if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
          throw CommandException.failed(
              "the answer is not that of a platform: it has no member " + at);
        }
      }
    }
  }

  private static String name(RecordComponent component) {
    JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
    return named == null ? component.getName() : named.value();
  }
}
