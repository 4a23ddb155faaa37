package dev.troth.contracts.generate;

import dev.troth.contracts.schema.JsonType;
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

  /**
   * A value of one of several types.
   *
   * @param cases no two of one JSON type but objects, which are tried in turn
   * @param rules what must hold beyond that
   */
  record Sum(String name, String description, List<Case> cases, Optional<Rules> rules)
      implements Declaration {
    public Sum {
      cases = List.copyOf(cases);
    }

    /** What a message expects: the JSON types. */
    String expected() {
      return String.join(
          " or ", cases.stream().map(one -> one.kind().toString()).distinct().toList());
    }
  }

  /**
   * One type of a sum.
   *
   * @param kind its type in JSON
   */
  record Case(JsonType kind, Type type) {}

  /** A message that is no object: a type of its own around its value. */
  record Wrapper(String name, String description, Type type) implements Declaration {}

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
