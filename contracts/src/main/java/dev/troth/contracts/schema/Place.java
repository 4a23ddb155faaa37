package dev.troth.contracts.schema;

/**
 * Where a schema is written.
 *
 * @param document the URI of the document
 * @param pointer the JSON Pointer inside it
 */
public record Place(String document, String pointer) {
  @Override
  public String toString() {
    return document + '#' + pointer;
  }
}
