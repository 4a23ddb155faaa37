package dev.troth.server.telemetry;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** OTLP attributes as text; of an array its first element, because headers come as arrays. */
final class Attributes {
  /** Longer values are cut: nobody reads them in a list, and they would fill the store. */
  private static final int LONGEST = 4_096;

  private static final int MOST = 128;

  private Attributes() {}

  static Map<String, String> of(List<KeyValue> pairs) {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (KeyValue pair : pairs) {
      if (attributes.size() < MOST) {
        attributes.put(text(pair.getKey()), text(pair.getValue()));
      }
    }
    return attributes;
  }

  static String text(AnyValue value) {
    String text =
        switch (value.getValueCase()) {
          case STRING_VALUE -> value.getStringValue();
          case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
          case INT_VALUE -> Long.toString(value.getIntValue());
          case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
          case ARRAY_VALUE ->
              value.getArrayValue().getValuesCount() == 0
                  ? ""
                  : text(value.getArrayValue().getValues(0));
          case KVLIST_VALUE -> of(value.getKvlistValue().getValuesList()).toString();
          case BYTES_VALUE -> HexFormat.of().formatHex(value.getBytesValue().toByteArray());
          case STRING_VALUE_STRINDEX, VALUE_NOT_SET -> "";
        };
    return text(text);
  }

  /** A text of a sender as every store takes it: of a length, and without U+0000. */
  static String text(String text) {
    String cut = text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    return cut.indexOf('\0') < 0 ? cut : cut.replace('\0', '\uFFFD');
  }
}
