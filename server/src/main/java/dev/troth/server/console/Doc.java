package dev.troth.server.console;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/**
 * A document of the API as the console reads it. What is missing is empty, never an error: a page
 * shows what it can.
 */
record Doc(JsonNode node) {

  Doc at(String name) {
    return new Doc(node.path(name));
  }

  boolean isPresent() {
    return !node.isMissingNode() && !node.isNull();
  }

  String text(String name) {
    JsonNode value = node.path(name);
    return value.isValueNode() && !value.isNull() ? value.asString() : "";
  }

  /** The text, or something else where it is empty. */
  String text(String name, String otherwise) {
    String text = text(name);
    return text.isEmpty() ? otherwise : text;
  }

  long whole(String name) {
    JsonNode value = node.path(name);
    return value.isNumber() ? value.asLong() : 0;
  }

  OptionalDouble number(String name) {
    return number(node.path(name));
  }

  Optional<Instant> instant(String name) {
    try {
      String text = text(name);
      return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  List<Doc> list(String name) {
    List<Doc> found = new ArrayList<>();
    node.path(name).forEach(each -> found.add(new Doc(each)));
    return found;
  }

  List<OptionalDouble> numbers(String name) {
    List<OptionalDouble> found = new ArrayList<>();
    node.path(name).forEach(each -> found.add(number(each)));
    return found;
  }

  List<String> texts(String name) {
    List<String> found = new ArrayList<>();
    node.path(name).forEach(each -> found.add(each.asString()));
    return found;
  }

  private static OptionalDouble number(JsonNode value) {
    return value.isNumber() ? OptionalDouble.of(value.doubleValue()) : OptionalDouble.empty();
  }
}
