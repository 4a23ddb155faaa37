package dev.troth.contracts.schema;

import dev.troth.json.Json;
import java.util.HashMap;
import java.util.Map;

/** A loaded document and the schemas read in it so far, by JSON Pointer. */
final class SchemaDocument {
  private final String uri;
  private final Json root;
  private final Map<String, Schema> schemas = new HashMap<>();

  SchemaDocument(String uri, Json root) {
    this.uri = uri;
    this.root = root;
  }

  String uri() {
    return uri;
  }

  Json root() {
    return root;
  }

  Map<String, Schema> schemas() {
    return schemas;
  }
}
