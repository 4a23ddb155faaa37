package dev.troth.contracts.confluent;

import dev.troth.contracts.schema.Place;
import dev.troth.contracts.schema.Schema;
import dev.troth.json.Json;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A schema, or a part of one that the comparison takes as a schema of its own. Identity tells nodes
 * apart; the shape is read when it is first asked for, because schemas may lead back.
 */
final class Node {
  private static final Json BYTES = new Json.Str("bytes");

  private final Schema schema;
  private final Supplier<Shape> reader;
  private @Nullable Shape shape;

  Node(Schema schema, Supplier<Shape> reader) {
    this.schema = schema;
    this.reader = reader;
  }

  /** What it says, be it a reference. */
  Shape shape() {
    Shape known = shape;
    if (known == null) {
      known = reader.get();
      shape = known;
    }
    return known;
  }

  /** The node that a chain of references ends with. */
  Node target() {
    Node node = this;
    while (node.shape() instanceof Shape.Reference(Node to)) {
      node = to;
    }
    return node;
  }

  Place place() {
    return schema.place();
  }

  boolean hasDefault() {
    return schema.annotation("default").isPresent();
  }

  /** Whether Connect's converter wrote it for bytes, which had two forms. */
  boolean isBytes() {
    return schema.annotation("connect.type").equals(Optional.of(BYTES));
  }

  /** What is equal for nodes that are written alike. */
  Object text() {
    return new Text(schema.source(), shape().getClass());
  }

  private record Text(Json source, Class<?> kind) {}
}
