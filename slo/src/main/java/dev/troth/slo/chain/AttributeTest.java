package dev.troth.slo.chain;

import java.util.Map;

/** A question about one attribute of a span; an attribute that is not there answers no. */
public sealed interface AttributeTest {
  /** Whether the attributes pass. */
  boolean passes(Map<String, String> attributes);

  /** The value is exactly this text. */
  record Is(String attribute, String value) implements AttributeTest {
    @Override
    public boolean passes(Map<String, String> attributes) {
      return value.equals(attributes.get(attribute));
    }
  }

  /** The value is a number in [atLeast, below). */
  record Within(String attribute, double atLeast, double below) implements AttributeTest {
    @Override
    public boolean passes(Map<String, String> attributes) {
      String text = attributes.get(attribute);
      if (text == null || text.isEmpty()) {
        return false;
      }
      try {
        double value = Double.parseDouble(text);
        return value >= atLeast && value < below;
      } catch (NumberFormatException notANumber) {
        return false;
      }
    }
  }

  /** The attribute is there, with any value. */
  record Present(String attribute) implements AttributeTest {
    @Override
    public boolean passes(Map<String, String> attributes) {
      return attributes.containsKey(attribute);
    }
  }
}
