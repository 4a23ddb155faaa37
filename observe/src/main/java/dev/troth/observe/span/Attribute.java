package dev.troth.observe.span;

import java.util.List;

/** A named value of a span. */
public record Attribute(String name, Value value) {
  /** What an attribute can hold. */
  public sealed interface Value {}

  /** A text. */
  public record Text(String text) implements Value {}

  /** A whole number. */
  public record Whole(long number) implements Value {}

  /** Several texts. */
  public record Texts(List<String> texts) implements Value {
    public Texts {
      texts = List.copyOf(texts);
    }
  }

  public static Attribute of(String name, String value) {
    return new Attribute(name, new Text(value));
  }

  public static Attribute of(String name, long value) {
    return new Attribute(name, new Whole(value));
  }

  public static Attribute of(String name, List<String> values) {
    return new Attribute(name, new Texts(values));
  }
}
