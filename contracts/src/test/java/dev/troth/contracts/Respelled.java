package dev.troth.contracts;

import dev.troth.json.Json;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** Documents that say the same, though a moment or a UUID may be spelled in another way. */
final class Respelled {
  private Respelled() {}

  /** Equal, but for other spellings of one moment. */
  static boolean same(Json written, Json read) {
    return switch (written) {
      case Json.Str(String text) ->
          read instanceof Json.Str(String other) && (text.equals(other) || respelled(text, other));
      case Json.Arr(List<Json> items) ->
          read instanceof Json.Arr(List<Json> others)
              && items.size() == others.size()
              && IntStream.range(0, items.size()).allMatch(i -> same(items.get(i), others.get(i)));
      case Json.Obj(Map<String, Json> members) ->
          read instanceof Json.Obj(Map<String, Json> others)
              && members.keySet().equals(others.keySet())
              && members.entrySet().stream()
                  .allMatch(
                      e -> same(e.getValue(), others.getOrDefault(e.getKey(), Json.Null.NULL)));
      default -> written.equals(read);
    };
  }

  private static boolean respelled(String text, String other) {
    if (text.equalsIgnoreCase(other)) {
      return text.matches("[0-9A-Fa-f-]{36}");
    }
    try {
      return OffsetDateTime.parse(text)
          .equals(OffsetDateTime.parse(other.toUpperCase(Locale.ROOT)));
    } catch (DateTimeException e) {
      return false;
    }
  }
}
