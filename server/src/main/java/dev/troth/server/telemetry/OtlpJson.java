package dev.troth.server.telemetry;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * OTLP's JSON encoding (OTLP 1.10, "JSON Protobuf Encoding"): protobuf's mapping, but trace and
 * span ids are hex, enums are numbers, and unknown members are ignored.
 */
final class OtlpJson {
  private static final Set<String> IDS = Set.of("trace_id", "span_id", "parent_span_id");

  private final JsonMapper mapper;

  OtlpJson(JsonMapper mapper) {
    this.mapper = mapper;
  }

  /** Fills the builder from JSON. */
  <B extends Message.Builder> B read(byte[] json, B builder) {
    JsonNode root;
    try {
      root = mapper.readTree(json);
    } catch (JacksonException wrong) {
      throw new IllegalArgumentException("not JSON: " + wrong.getOriginalMessage(), wrong);
    }
    if (!root.isObject()) {
      throw new IllegalArgumentException("the body is not a JSON object");
    }
    fill(builder, root);
    return builder;
  }

  private void fill(Message.Builder builder, JsonNode object) {
    Descriptor type = builder.getDescriptorForType();
    for (FieldDescriptor field : type.getFields()) {
      JsonNode value = object.get(field.getJsonName());
      if (value == null) {
        value = object.get(field.getName());
      }
      if (value == null || value.isNull()) {
        continue;
      }
      if (field.isRepeated()) {
        for (JsonNode item : value) {
          builder.addRepeatedField(field, value(builder, field, item));
        }
      } else {
        builder.setField(field, value(builder, field, value));
      }
    }
  }

  private Object value(Message.Builder parent, FieldDescriptor field, JsonNode value) {
    if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      Message.Builder child = parent.newBuilderForField(field);
      fill(child, value);
      return child.build();
    }
    try {
      return scalar(field, value);
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(
          "%s is %s, expected %s"
              .formatted(
                  field.getJsonName(),
                  value,
                  IDS.contains(field.getName())
                      ? "hex"
                      : field.getJavaType().name().toLowerCase(Locale.ROOT)),
          wrong);
    }
  }

  private static Object scalar(FieldDescriptor field, JsonNode value) {
    String text = value.asString();
    return switch (field.getJavaType()) {
      case STRING -> text;
      case BOOLEAN -> value.asBoolean();
      case INT -> (int) integer(text);
      case LONG -> integer(text);
      case FLOAT -> (float) Double.parseDouble(text);
      case DOUBLE -> Double.parseDouble(text);
      case BYTE_STRING -> bytes(field, text);
      case ENUM -> constant(field, value);
      case MESSAGE -> throw new IllegalStateException("a message is no scalar");
    };
  }

  /** 64-bit numbers come as text or as numbers; unsigned ones may use the top bit. */
  private static long integer(String text) {
    return text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
  }

  private static ByteString bytes(FieldDescriptor field, String text) {
    return ByteString.copyFrom(
        IDS.contains(field.getName())
            ? HexFormat.of().parseHex(text)
            : Base64.getDecoder().decode(text));
  }

  private static EnumValueDescriptor constant(FieldDescriptor field, JsonNode value) {
    if (value.isNumber()) {
      return field.getEnumType().findValueByNumberCreatingIfUnknown(value.asInt());
    }
    @Nullable EnumValueDescriptor named = field.getEnumType().findValueByName(value.asString());
    if (named == null) {
      throw new IllegalArgumentException("no such name");
    }
    return named;
  }
}
