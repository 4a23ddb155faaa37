package dev.troth.server.http;

import dev.troth.server.error.DomainException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The fields of a posted form; of a name that comes twice, the last counts. */
public record FormBody(Map<String, String> fields) {

  /** Reads {@code application/x-www-form-urlencoded}, or fails with 400. */
  public static FormBody parse(byte[] body) {
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

  public String get(String name) {
    return fields.getOrDefault(name, "");
  }

  /** A field that must be there, or 400. */
  public String require(String name) {
    String value = get(name);
    if (value.isBlank()) {
      throw Problem.badRequest("the field " + name + " is empty").toException();
    }
    return value;
  }

  /** The field {@code id} as the number of such a thing; another text names none. */
  public long id(String what) {
    String id = require("id");
    if (!id.matches("[0-9]{1,18}")) {
      throw new DomainException.NotFound("%s %s does not exist".formatted(what, id));
    }
    return Long.parseLong(id);
  }

  /** A field that is a whole number, or the other one if it is not there. */
  public long number(String name, long otherwise) {
    String value = get(name);
    if (!value.matches("[0-9]{0,18}")) {
      throw new DomainException.Invalid(
          "%s is '%s', expected a whole number".formatted(name, value));
    }
    return value.isEmpty() ? otherwise : Long.parseLong(value);
  }

  /** Why a field has none of the values it may have. */
  public ProblemException unknown(String name, String expected) {
    return Problem.badRequest("%s is %s, expected %s".formatted(name, get(name), expected))
        .toException();
  }

  /** A path of this site to go back to; anything else would send the user elsewhere. */
  public String back() {
    return samePath(get("back"));
  }

  /** Such a path, with what an address cannot hold written as one does. */
  public static String samePath(String path) {
    return path.matches("/([^/\\\\\\p{Cntrl}][^\\\\\\p{Cntrl}]*)?") ? encoded(path) : "/";
  }

  /** Only what is not ASCII, and blanks: everything else is an address already. */
  private static String encoded(String path) {
    StringBuilder encoded = new StringBuilder(path.length());
    for (byte one : path.getBytes(StandardCharsets.UTF_8)) {
      if (one > ' ') {
        encoded.append((char) one);
      } else {
        encoded.append("%%%02X".formatted(one & 0xff));
      }
    }
    return encoded.toString();
  }
}
