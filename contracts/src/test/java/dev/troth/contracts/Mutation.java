package dev.troth.contracts;

import dev.troth.json.Json;
import dev.troth.json.JsonWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Changes documents at random: their values, how they are written, and at times single bytes. */
final class Mutation {
  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "foo",
          "bar",
          "é",
          "日本",
          "😀",
          "a\"b\\c\n",
          "2026-01-31",
          "2026-01-31T09:30:00Z",
          "a@b.example",
          "http://a.example/b?c#d",
          "127.0.0.1",
          "::1",
          "01234567-89ab-cdef",
          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
          "\u0000");
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0",
          "1",
          "1.0",
          "1.5",
          "-3",
          "1e2",
          "12345678901234567890",
          "0.1",
          "3.00",
          "99999999999999999999999999.5",
          "1e-30",
          "9007199254740993",
          "100",
          "-1e400");

  private final RandomGenerator random;

  Mutation(RandomGenerator random) {
    this.random = random;
  }

  /** The bytes of a document near the given one. */
  byte[] document(Json near) {
    Json json = near;
    for (int i = random.nextInt(4); i > 0; i--) {
      json = change(json, 0);
    }
    StringBuilder text = new StringBuilder();
    write(json, text);
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(20) == 0 && bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private Json change(Json json, int depth) {
    if (random.nextInt(3) == 0 || depth > 6) {
      return value(0);
    }
    return switch (json) {
      case Json.Obj object -> object(object, depth);
      case Json.Arr array -> array(array, depth);
      case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> value(1);
    };
  }

  private Json object(Json.Obj object, int depth) {
    Map<String, Json> members = new LinkedHashMap<>(object.members());
    List<String> names = new ArrayList<>(members.keySet());
    String some = names.isEmpty() ? "foo" : names.get(random.nextInt(names.size()));
    switch (random.nextInt(4)) {
      case 0 -> members.remove(some);
      case 1 -> members.put(TEXTS.get(random.nextInt(TEXTS.size())), value(0));
      default -> members.computeIfPresent(some, (_, member) -> change(member, depth + 1));
    }
    return new Json.Obj(members);
  }

  private Json array(Json.Arr array, int depth) {
    List<Json> items = new ArrayList<>(array.items());
    int at = items.isEmpty() ? 0 : random.nextInt(items.size());
    switch (random.nextInt(5)) {
      case 0 -> items.add(at, value(0));
      case 1 -> items.add(at, items.isEmpty() ? Json.Null.NULL : items.get(at));
      case 2 -> {
        if (!items.isEmpty()) {
          items.remove(at);
        }
      }
      default -> {
        if (!items.isEmpty()) {
          items.set(at, change(items.get(at), depth + 1));
        }
      }
    }
    return new Json.Arr(items);
  }

  private Json value(int depth) {
    return switch (random.nextInt(depth > 2 ? 5 : 7)) {
      case 0 -> Json.Null.NULL;
      case 1 -> Json.Bool.of(random.nextBoolean());
      case 2, 3 -> new Json.Str(TEXTS.get(random.nextInt(TEXTS.size())));
      case 4 -> new Json.Num(new BigDecimal(NUMBERS.get(random.nextInt(NUMBERS.size()))));
      case 5 -> {
        List<Json> items = new ArrayList<>();
        for (int i = random.nextInt(20) == 0 ? 40 : random.nextInt(3); i > 0; i--) {
          items.add(value(depth + 1));
        }
        yield new Json.Arr(items);
      }
      default -> {
        Map<String, Json> members = new LinkedHashMap<>();
        for (int i = random.nextInt(20) == 0 ? 40 : random.nextInt(3); i > 0; i--) {
          members.put(TEXTS.get(random.nextInt(TEXTS.size())) + i, value(depth + 1));
        }
        yield new Json.Obj(members);
      }
    };
  }

  /** Writes with spaces and escapes where JSON allows them; at times a member twice. */
  private void write(Json json, StringBuilder out) {
    space(out);
    switch (json) {
      case Json.Obj object -> {
        out.append('{');
        boolean first = true;
        for (Map.Entry<String, Json> member : object.members().entrySet()) {
          for (int times = random.nextInt(300) == 0 ? 2 : 1; times > 0; times--) {
            out.append(first ? "" : ",");
            first = false;
            space(out);
            text(member.getKey(), out);
            space(out);
            out.append(':');
            write(member.getValue(), out);
          }
        }
        out.append('}');
      }
      case Json.Arr array -> {
        out.append('[');
        for (int i = 0; i < array.items().size(); i++) {
          out.append(i == 0 ? "" : ",");
          write(array.items().get(i), out);
        }
        out.append(']');
      }
      case Json.Str text -> text(text.value(), out);
      case Json.Num _, Json.Bool _, Json.Null _ -> out.append(JsonWriter.compact(json));
    }
    space(out);
  }

  private void text(String text, StringBuilder out) {
    if (random.nextInt(4) > 0 || text.isEmpty()) {
      out.append(JsonWriter.compact(new Json.Str(text)));
      return;
    }
    out.append('"');
    for (char c : text.toCharArray()) {
      out.append("\\u%04x".formatted((int) c));
    }
    out.append('"');
  }

  private void space(StringBuilder out) {
    if (random.nextInt(6) == 0) {
      out.append(" \n\t\r".charAt(random.nextInt(4)));
    }
  }
}
