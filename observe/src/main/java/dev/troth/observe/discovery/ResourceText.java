package dev.troth.observe.discovery;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Reads {@code OTEL_RESOURCE_ATTRIBUTES}: {@code key=value,key=value}, values percent-encoded. */
public final class ResourceText {
  private ResourceText() {}

  public static Map<String, String> parse(String text) {
    Map<String, String> attributes = new TreeMap<>();
    for (String pair : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        attributes.put(pair.substring(0, equals).strip(), decode(pair.substring(equals + 1)));
      }
    }
    return attributes;
  }

  private static String decode(String value) {
    try {
      return URLDecoder.decode(value.strip().replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return value.strip();
    }
  }
}
