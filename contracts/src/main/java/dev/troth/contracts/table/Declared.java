package dev.troth.contracts.table;

import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Schema;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The members that a schema names, with those of the schemas that it refers to or joins by allOf.
 *
 * @param properties the schema of each, the first if several speak of it
 * @param required names that must be there
 */
record Declared(Map<String, Schema> properties, Set<String> required) {
  static Declared of(Schema schema) {
    Declared declared = new Declared(new LinkedHashMap<>(), new LinkedHashSet<>());
    declared.add(schema, new HashSet<>());
    return declared;
  }

  private void add(Schema schema, Set<Schema> seen) {
    if (!seen.add(schema)) {
      return;
    }
    for (Keyword keyword : schema.keywords()) {
      switch (keyword) {
        case Keyword.Properties all -> all.named().forEach(properties::putIfAbsent);
        case Keyword.Required all -> required.addAll(all.names());
        case Keyword.Ref ref -> add(ref.link().target(), seen);
        case Keyword.AllOf all -> all.schemas().forEach(part -> add(part, seen));
        default -> {}
      }
    }
  }
}
