package dev.troth.contracts.exchange;

import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import java.util.Map;
import java.util.Optional;

/**
 * Follows references that are nothing but a place: {@code #/$defs/money} or {@code
 * money.json#/$defs/amount}.
 *
 * @param root the schema that {@code #} means
 * @param documents documents beside it, by name
 */
record LocalReferences(Json root, Map<String, Json> documents) {
  /**
   * Where a reference leads.
   *
   * @param document the name of the document that it is in; empty for the root
   * @param pointer inside that document
   */
  record Target(String document, String pointer, Json schema) {}

  /** The target of a reference that stands in a document; none if it is more than a place. */
  Optional<Target> find(String reference, String in) {
    int hash = reference.indexOf('#');
    String name = hash < 0 ? reference : reference.substring(0, hash);
    String pointer = hash < 0 ? "" : reference.substring(hash + 1);
    String document = name.isEmpty() ? in : name;
    if ((!pointer.isEmpty() && !pointer.startsWith("/")) || pointer.indexOf('%') >= 0) {
      return Optional.empty();
    }
    Optional<Json> there =
        document.isEmpty() ? Optional.of(root) : Optional.ofNullable(documents.get(document));
    return there
        .flatMap(json -> JsonPointer.find(json, pointer))
        .map(schema -> new Target(document, pointer, schema));
  }
}
