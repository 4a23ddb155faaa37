package dev.troth.json.file;

import dev.troth.json.Json;
import dev.troth.json.JsonWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes JSON values as YAML that people like to read and every reader of YAML reads alike. */
public final class YamlWriter {
  /** Texts that no version of YAML takes for anything else. */
  private static final Pattern PLAIN =
      Pattern.compile(
          "[A-Za-z_$/][A-Za-z0-9_$./ +()-]*"
              + "|\\d+\\.\\d+\\.\\d+(-[A-Za-z0-9.-]+)?"
              + "|\\d+(\\.\\d+)?(ms|s|m|h|d|w|%)");

  private static final Set<String> WORDS =
      Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

  /** What fits on a line of its own is written there. */
  private static final int WIDE = 80;

  private final StringBuilder out = new StringBuilder();

  private YamlWriter() {}

  /** A document that ends with a line break. */
  public static String write(Json value) {
    YamlWriter writer = new YamlWriter();
    switch (value) {
      case Json.Obj(Map<String, Json> members) when !members.isEmpty() ->
          writer.members(members, 0);
      case Json.Arr(List<Json> items) when !items.isEmpty() -> writer.items(items, 0);
      default -> writer.out.append(flow(value)).append('\n');
    }
    return writer.out.toString();
  }

  private void members(Map<String, Json> members, int depth) {
    members.forEach((name, value) -> {
      indent(depth);
      out.append(scalar(name)).append(':');
      value(value, depth);
    });
  }

  private void items(List<Json> items, int depth) {
    for (Json item : items) {
      indent(depth);
      out.append('-');
      if (item instanceof Json.Obj(Map<String, Json> members) && !fits(item, depth)) {
        // The first member stands behind the dash, the others below it.
        StringBuilder block = new YamlWriter().block(members, depth + 1);
        out.append(' ').append(block.substring(2 * (depth + 1)));
      } else {
        value(item, depth);
      }
    }
  }

  private StringBuilder block(Map<String, Json> members, int depth) {
    members(members, depth);
    return out;
  }

  /** A value behind {@code name:} or a dash. */
  private void value(Json value, int depth) {
    if (value instanceof Json.Str(String text) && isBlock(text)) {
      out.append(text.endsWith("\n") ? " |\n" : " |-\n");
      text.lines()
          .forEach(line -> {
            if (!line.isEmpty()) {
              indent(depth + 1);
            }
            out.append(line).append('\n');
          });
    } else if (fits(value, depth)) {
      out.append(' ').append(flow(value)).append('\n');
    } else {
      out.append('\n');
      switch (value) {
        case Json.Obj(Map<String, Json> members) -> members(members, depth + 1);
        case Json.Arr(List<Json> items) -> items(items, depth + 1);
        default -> throw new IllegalStateException("a scalar fits any line");
      }
    }
  }

  private void indent(int depth) {
    out.repeat("  ", depth);
  }

  /** Whether a text of several lines can be written as they are. */
  private static boolean isBlock(String text) {
    return text.indexOf('\n') > 0
        && !text.endsWith("\n\n")
        && !Character.isWhitespace(text.charAt(0))
        && text.chars().allMatch(c -> c == '\n' || (c >= ' ' && c != 0x7f && c < 0x80) || c > 0x9f)
        && text.chars().noneMatch(c -> c == 0x2028 || c == 0x2029 || c == 0xfeff)
        && text.lines().noneMatch(line -> line.endsWith(" "));
  }

  private static boolean fits(Json value, int depth) {
    return switch (value) {
      case Json.Obj(Map<String, Json> members) ->
          members.isEmpty()
              || (members.values().stream().allMatch(YamlWriter::isFlat)
                  && flow(value).length() + 2 * depth <= WIDE);
      case Json.Arr(List<Json> items) ->
          items.isEmpty()
              || (items.stream().allMatch(YamlWriter::isScalar)
                  && flow(value).length() + 2 * depth <= WIDE);
      default -> true;
    };
  }

  private static boolean isScalar(Json value) {
    return !(value instanceof Json.Obj) && !(value instanceof Json.Arr);
  }

  private static boolean isFlat(Json value) {
    return switch (value) {
      case Json.Obj(Map<String, Json> members) -> members.isEmpty();
      case Json.Arr(List<Json> items) -> items.stream().allMatch(YamlWriter::isScalar);
      default -> true;
    };
  }

  private static String flow(Json value) {
    return switch (value) {
      case Json.Obj(Map<String, Json> members) ->
          "{"
              + String.join(
                  ", ",
                  members.entrySet().stream()
                      .map(member -> scalar(member.getKey()) + ": " + flow(member.getValue()))
                      .toList())
              + "}";
      case Json.Arr(List<Json> items) ->
          "[" + String.join(", ", items.stream().map(YamlWriter::flow).toList()) + "]";
      case Json.Str(String text) -> scalar(text);
      default -> JsonWriter.compact(value);
    };
  }

  private static String scalar(String text) {
    boolean plain =
        PLAIN.matcher(text).matches()
            && !text.endsWith(" ")
            && !WORDS.contains(text.toLowerCase(Locale.ROOT));
    return plain ? text : quoted(text);
  }

  /** JSON's quotes are YAML's too, but for characters that YAML wants escaped. */
  private static String quoted(String text) {
    String json = JsonWriter.compact(new Json.Str(text));
    StringBuilder safe = new StringBuilder();
    json.chars()
        .forEach(c -> {
          boolean escape = (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029 || c == 0xfeff;
          boolean noCharacter = c == 0xfffe || c == 0xffff;
          safe.append(escape || noCharacter ? "\\u%04x".formatted(c) : String.valueOf((char) c));
        });
    return safe.toString();
  }
}
