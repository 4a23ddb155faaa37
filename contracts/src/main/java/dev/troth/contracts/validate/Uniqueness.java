package dev.troth.contracts.validate;

import dev.troth.json.Json;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The keyword {@code uniqueItems}. */
public final class Uniqueness {
  private Uniqueness() {}

  public static boolean allDiffer(List<Json> items) {
    return repeated(items).isEmpty();
  }

  /** The first item that is equal to one before it. */
  static Optional<Json> repeated(List<Json> items) {
    // Texts stay cheap to tell apart even if their hashes are made to collide; values do not.
    Set<String> seen = new HashSet<>();
    for (Json item : items) {
      StringBuilder text = new StringBuilder();
      write(item, text);
      if (!seen.add(text.toString())) {
        return Optional.of(item);
      }
    }
    return Optional.empty();
  }

  /** Writes equal values alike: members in order of name, numbers in one form. */
  private static void write(Json value, StringBuilder out) {
    switch (value) {
      case Json.Obj object -> {
        out.append('{');
        boolean ordered = object.members().size() < 2;
        (ordered ? object.members() : new TreeMap<>(object.members()))
            .forEach((name, member) -> {
              text(name, out);
              write(member, out);
            });
        out.append('}');
      }
      case Json.Arr array -> {
        out.append('[');
        for (Json item : array.items()) {
          write(item, out);
        }
        out.append(']');
      }
      case Json.Num number -> {
        BigDecimal plain = number.value().stripTrailingZeros();
        out.append(plain.unscaledValue()).append('e').append(-plain.scale()).append(',');
      }
      case Json.Str(String text) -> text(text, out);
      case Json.Bool _, Json.Null _ -> out.append(value);
    }
  }

  /** With its length, so that no text can pass for another value. */
  private static void text(String text, StringBuilder out) {
    out.append(text.length()).append('"').append(text);
  }
}
