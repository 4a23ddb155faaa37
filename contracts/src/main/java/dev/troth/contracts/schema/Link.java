package dev.troth.contracts.schema;

import org.jspecify.annotations.Nullable;

/** A reference from one schema to another, bound when loading ends. */
public final class Link {
  private final String uri;
  private @Nullable Schema target;

  Link(String uri) {
    this.uri = uri;
  }

  /** The absolute URI that it names. */
  public String uri() {
    return uri;
  }

  /** The schema that it names. */
  public Schema target() {
    if (target == null) {
      throw new IllegalStateException("the reference to " + uri + " is not bound yet");
    }
    return target;
  }

  void bind(Schema schema) {
    target = schema;
  }

  @Override
  public String toString() {
    return uri;
  }
}
