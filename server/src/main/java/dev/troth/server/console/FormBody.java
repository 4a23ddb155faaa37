package dev.troth.server.console;

import dev.troth.server.http.Problem;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The fields of a posted form; of a name that comes twice, the last counts. */
record FormBody(Map<String, String> fields) {

  /** Reads {@code application/x-www-form-urlencoded}, or fails with 400. */
  static FormBody parse(byte[] body) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String pair : new String(body, StandardCharsets.UTF_8).split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        fields.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
    return new FormBody(fields);
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("the form holds '" + text + "', expected URL encoding")
          .toException();
    }
  }

  String get(String name) {
    return fields.getOrDefault(name, "");
  }

  /** A field that must be there, or 400. */
  String require(String name) {
    String value = get(name);
    if (value.isBlank()) {
      throw Problem.badRequest("the field " + name + " is empty").toException();
    }
    return value;
  }

  /** A path of this site to go back to; anything else would send the user elsewhere. */
  String back() {
    return samePath(get("back"));
  }

  static String samePath(String path) {
    return path.matches("/([^/\\\\\\p{Cntrl}][^\\\\\\p{Cntrl}]*)?") ? path : "/";
  }
}
