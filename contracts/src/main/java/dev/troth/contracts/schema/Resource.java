package dev.troth.contracts.schema;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A schema resource: a schema with a URI of its own and all below it up to the next such schema.
 */
public final class Resource {
  /** The name under which {@code $recursiveAnchor: true} takes part in the dynamic scope. */
  static final String RECURSIVE = "$recursiveAnchor";

  private final String uri;
  private final String rootPointer;
  private final Dialect dialect;
  private final SchemaDocument document;
  private final Map<String, Schema> anchors = new LinkedHashMap<>();
  private final Map<String, Schema> dynamicAnchors = new LinkedHashMap<>();
  private @Nullable Schema root;

  Resource(String uri, String rootPointer, Dialect dialect, SchemaDocument document) {
    this.uri = uri;
    this.rootPointer = rootPointer;
    this.dialect = dialect;
    this.document = document;
  }

  /** The base URI, without a fragment. */
  public String uri() {
    return uri;
  }

  public Dialect dialect() {
    return dialect;
  }

  /** The schemas that {@code $dynamicRef} and {@code $recursiveRef} may find here, by anchor. */
  public Map<String, Schema> dynamicAnchors() {
    return dynamicAnchors;
  }

  SchemaDocument document() {
    return document;
  }

  String rootPointer() {
    return rootPointer;
  }

  Optional<Schema> root() {
    return Optional.ofNullable(root);
  }

  void root(Schema schema) {
    root = schema;
  }

  Optional<Schema> anchor(String name) {
    return Optional.ofNullable(anchors.get(name));
  }

  void anchor(String name, Schema schema) {
    anchors.putIfAbsent(name, schema);
  }

  void dynamicAnchor(String name, Schema schema) {
    dynamicAnchors.putIfAbsent(name, schema);
  }
}
