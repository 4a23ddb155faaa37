package dev.troth.json;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;

/** Writes JSON values as text. */
public final class JsonWriter {
  private final StringBuilder out = new StringBuilder();
  private final boolean pretty;

  private JsonWriter(boolean pretty) {
    this.pretty = pretty;
  }

  /** On one line, without spaces. */
  public static String compact(Json value) {
    return write(value, false);
  }

  /** On many lines, indented by two spaces. */
  public static String pretty(Json value) {
    return write(value, true);
  }

  /** Compact UTF-8. */
  public static byte[] bytes(Json value) {
    return compact(value).getBytes(StandardCharsets.UTF_8);
  }

  private static String write(Json value, boolean pretty) {
    JsonWriter writer = new JsonWriter(pretty);
    writer.value(value, 0);
    return writer.out.toString();
  }

  private void value(Json value, int depth) {
    switch (value) {
      case Json.Obj object -> object(object, depth);
      case Json.Arr array -> array(array, depth);
      case Json.Str text -> text(text.value());
      case Json.Num number -> number(number.value());
      case Json.Bool bool -> out.append(bool.value());
      case Json.Null _ -> out.append("null");
    }
  }

  private void number(BigDecimal value) {
    // BigDecimal prints 1E+3; plain digits read better while they stay short.
    out.append(
        value.scale() <= 0 && value.precision() - value.scale() <= 20
            ? value.toPlainString()
            : value.toString());
  }

  private void object(Json.Obj object, int depth) {
    out.append('{');
    Iterator<Map.Entry<String, Json>> members = object.members().entrySet().iterator();
    while (members.hasNext()) {
      var member = members.next();
      line(depth + 1);
      text(member.getKey());
      out.append(pretty ? ": " : ":");
      value(member.getValue(), depth + 1);
      out.append(members.hasNext() ? "," : "");
    }
    if (!object.members().isEmpty()) {
      line(depth);
    }
    out.append('}');
  }

  private void array(Json.Arr array, int depth) {
    out.append('[');
    Iterator<Json> items = array.items().iterator();
    while (items.hasNext()) {
      line(depth + 1);
      value(items.next(), depth + 1);
      out.append(items.hasNext() ? "," : "");
    }
    if (!array.items().isEmpty()) {
      line(depth);
    }
    out.append(']');
  }

  private void line(int depth) {
    if (pretty) {
      out.append('\n').repeat("  ", depth);
    }
  }

  private void text(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
