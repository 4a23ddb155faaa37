package dev.troth.contracts.validate;

import dev.troth.contracts.schema.Keyword.Countable;
import dev.troth.json.Json;
import java.util.Locale;

/** The keywords that limit how many characters, items or members a value has. */
final class Counts {
  private Counts() {}

  /** How many the value has; -1 if it is of another type. */
  static int of(Countable what, Json value) {
    return switch (what) {
      case CHARACTERS -> value instanceof Json.Str text ? text.length() : -1;
      case ITEMS -> value instanceof Json.Arr array ? array.items().size() : -1;
      case PROPERTIES -> value instanceof Json.Obj object ? object.members().size() : -1;
    };
  }

  static String describe(String bound, int limit, Countable what) {
    return "%s %d %s".formatted(bound, limit, what.name().toLowerCase(Locale.ROOT));
  }
}
