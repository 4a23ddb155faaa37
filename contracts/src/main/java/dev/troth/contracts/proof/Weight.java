package dev.troth.contracts.proof;

import dev.troth.json.Json;
import java.util.Collection;

/** How many values a document has, itself counted. */
final class Weight {
  private Weight() {}

  /** Counts no further than to the limit. */
  static int of(Json json, int limit) {
    return switch (json) {
      case Json.Arr array -> of(array.items(), limit);
      case Json.Obj object -> of(object.members().values(), limit);
      case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> 1;
    };
  }

  private static int of(Collection<Json> values, int limit) {
    int weight = 1;
    for (Json value : values) {
      if (weight >= limit) {
        return limit;
      }
      weight += of(value, limit - weight);
    }
    return weight;
  }
}
