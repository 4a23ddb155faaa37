package dev.troth.contracts.generate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A type with a name of its own. */
sealed interface Declaration {
  /** In upper camel case, a legal and free type name in every language. */
  String name();

  /** What the schema says it is; perhaps empty. */
  String description();

  /**
   * An object with declared properties.
   *
   * @param fixed properties that always have one text, by name: they are written, not stored
   * @param additional what other members are; empty if there may be none
   * @param rules what must hold beyond that
   */
  record Struct(
      String name,
      String description,
      List<Property> properties,
      Map<String, String> fixed,
      Optional<Type> additional,
      Optional<Rules> rules)
      implements Declaration {
    public Struct {
      properties = List.copyOf(properties);
      fixed = new LinkedHashMap<>(fixed);
    }
  }

  /** A property; {@code name} is as JSON writes it. */
  record Property(String name, String description, Type type, boolean required) {}

  /** One of some texts. */
  record Choice(String name, String description, List<String> values) implements Declaration {
    public Choice {
      values = List.copyOf(values);
    }
  }

  /**
   * One of some structs, told apart by a fixed property.
   *
   * @param tag the property
   * @param branches the structs by the tag's text
   */
  record Union(String name, String description, String tag, Map<String, String> branches)
      implements Declaration {
    public Union {
      branches = new LinkedHashMap<>(branches);
    }
  }
}
