package dev.troth.contracts.schema;

import dev.troth.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * One schema: a set of typed keywords at a place. Schemas form a graph, because references may lead
 * back; identity, not content, tells them apart. A loaded schema does not change.
 */
public final class Schema {
  private final Place place;
  private final Resource resource;
  private final Json source;
  private List<Keyword> keywords = List.of();

  Schema(Place place, Resource resource, Json source) {
    this.place = place;
    this.resource = resource;
    this.source = source;
  }

  /** Where it is written. */
  public Place place() {
    return place;
  }

  /** The resource that it belongs to. */
  public Resource resource() {
    return resource;
  }

  public Dialect dialect() {
    return resource.dialect();
  }

  /** The JSON it was read from: an object, or true or false. */
  public Json source() {
    return source;
  }

  /** All schemas that were read in the same document, this one included. */
  public List<Schema> sameDocument() {
    return List.copyOf(resource.document().schemas().values());
  }

  /** What it demands; all must hold. None: every value is valid. */
  public List<Keyword> keywords() {
    return keywords;
  }

  /** The keyword of that kind, if the schema has one. */
  public <K extends Keyword> Optional<K> keyword(Class<K> kind) {
    for (Keyword keyword : keywords) {
      if (kind.isInstance(keyword)) {
        return Optional.of(kind.cast(keyword));
      }
    }
    return Optional.empty();
  }

  /** An annotation such as {@code title}, {@code description} or {@code default}, as written. */
  public Optional<Json> annotation(String name) {
    return source instanceof Json.Obj object ? object.get(name) : Optional.empty();
  }

  void keywords(List<Keyword> keywords) {
    this.keywords = List.copyOf(keywords);
  }

  @Override
  public String toString() {
    return place.toString();
  }
}
