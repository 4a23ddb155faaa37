package dev.troth.contracts.schema;

import dev.troth.contracts.format.Format;
import dev.troth.contracts.pattern.Regex;
import dev.troth.json.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One demand of a schema. Keywords that only have meaning together ({@code properties} with {@code
 * additionalProperties}, {@code if} with {@code then}) are one record; what drafts write
 * differently ({@code items} with {@code additionalItems}, {@code prefixItems} with {@code items})
 * is read into the same record. Each is true for values of a type that it does not speak of.
 */
public sealed interface Keyword {
  /** The keyword as a schema of any draft writes it, for messages. */
  String keyword();

  /** The schema {@code false}: no value is valid. */
  record Never() implements Keyword {
    @Override
    public String keyword() {
      return "false";
    }
  }

  /** {@code $ref}. */
  record Ref(Link link) implements Keyword {
    @Override
    public String keyword() {
      return "$ref";
    }
  }

  /**
   * {@code $dynamicRef}, or {@code $recursiveRef} of 2019-09: the outermost resource of the dynamic
   * scope that has the anchor decides; see {@link DynamicScope}.
   *
   * @param link the schema it means if no resource has the anchor
   * @param anchor the name among {@link Resource#dynamicAnchors()}
   */
  record DynamicRef(String keyword, Link link, String anchor) implements Keyword {}

  /**
   * {@code type}.
   *
   * @param wholeFloats whether 1.0 counts as an integer; it does not in draft 4
   */
  record Type(Set<JsonType> types, boolean wholeFloats) implements Keyword {
    @Override
    public String keyword() {
      return "type";
    }
  }

  /** {@code enum}. */
  record Enum(List<Json> values) implements Keyword {
    @Override
    public String keyword() {
      return "enum";
    }
  }

  /** {@code const}. */
  record Const(Json value) implements Keyword {
    @Override
    public String keyword() {
      return "const";
    }
  }

  /** {@code minimum} and {@code exclusiveMinimum}. */
  record Minimum(BigDecimal limit, boolean exclusive) implements Keyword {
    @Override
    public String keyword() {
      return exclusive ? "exclusiveMinimum" : "minimum";
    }
  }

  /** {@code maximum} and {@code exclusiveMaximum}. */
  record Maximum(BigDecimal limit, boolean exclusive) implements Keyword {
    @Override
    public String keyword() {
      return exclusive ? "exclusiveMaximum" : "maximum";
    }
  }

  /** {@code multipleOf}; the divisor is above 0. */
  record MultipleOf(BigDecimal divisor) implements Keyword {
    @Override
    public String keyword() {
      return "multipleOf";
    }
  }

  /** {@code minLength}, {@code minItems}, {@code minProperties}. */
  record AtLeast(Countable what, int limit) implements Keyword {
    @Override
    public String keyword() {
      return "min" + what.suffix();
    }
  }

  /** {@code maxLength}, {@code maxItems}, {@code maxProperties}. */
  record AtMost(Countable what, int limit) implements Keyword {
    @Override
    public String keyword() {
      return "max" + what.suffix();
    }
  }

  /** {@code pattern}. */
  record Pattern(Regex regex) implements Keyword {
    @Override
    public String keyword() {
      return "pattern";
    }
  }

  /** {@code format}, present only where it is asserted and known. */
  record FormatOf(Format format) implements Keyword {
    @Override
    public String keyword() {
      return "format";
    }
  }

  /**
   * The items of an array: {@code prefixItems} and {@code items}, or {@code items} and {@code
   * additionalItems}.
   *
   * @param prefix one schema per leading position
   * @param rest the schema of all later items
   */
  record Items(List<Schema> prefix, Optional<Schema> rest, String prefixKeyword, String restKeyword)
      implements Keyword {
    @Override
    public String keyword() {
      return restKeyword;
    }
  }

  /** {@code uniqueItems: true}. */
  record UniqueItems() implements Keyword {
    @Override
    public String keyword() {
      return "uniqueItems";
    }
  }

  /**
   * {@code contains} with {@code minContains} and {@code maxContains}.
   *
   * @param evaluates whether a matched item counts as evaluated for {@code unevaluatedItems}; it
   *     does from 2020-12
   */
  record Contains(Schema schema, int min, int max, boolean evaluates) implements Keyword {
    @Override
    public String keyword() {
      return "contains";
    }
  }

  /** {@code required}. */
  record Required(List<String> names) implements Keyword {
    @Override
    public String keyword() {
      return "required";
    }
  }

  /** {@code properties}, {@code patternProperties} and {@code additionalProperties}. */
  record Properties(
      Map<String, Schema> named, List<PatternProperty> patterns, Optional<Schema> additional)
      implements Keyword {
    @Override
    public String keyword() {
      return "properties";
    }
  }

  /** One member of {@code patternProperties}. */
  record PatternProperty(Regex regex, Schema schema) {}

  /** {@code propertyNames}. */
  record PropertyNames(Schema schema) implements Keyword {
    @Override
    public String keyword() {
      return "propertyNames";
    }
  }

  /** {@code dependentRequired}, or {@code dependencies} with names. */
  record DependentRequired(String keyword, Map<String, List<String>> names) implements Keyword {}

  /** {@code dependentSchemas}, or {@code dependencies} with schemas. */
  record DependentSchemas(String keyword, Map<String, Schema> schemas) implements Keyword {}

  /** {@code allOf}. */
  record AllOf(List<Schema> schemas) implements Keyword {
    @Override
    public String keyword() {
      return "allOf";
    }
  }

  /** {@code anyOf}. */
  record AnyOf(List<Schema> schemas) implements Keyword {
    @Override
    public String keyword() {
      return "anyOf";
    }
  }

  /** {@code oneOf}. */
  record OneOf(List<Schema> schemas) implements Keyword {
    @Override
    public String keyword() {
      return "oneOf";
    }
  }

  /** {@code not}. */
  record Not(Schema schema) implements Keyword {
    @Override
    public String keyword() {
      return "not";
    }
  }

  /** {@code if}, {@code then}, {@code else}. */
  record Conditional(Schema test, Optional<Schema> then, Optional<Schema> otherwise)
      implements Keyword {
    @Override
    public String keyword() {
      return "if";
    }
  }

  /** {@code unevaluatedProperties}; always after the keywords that it depends on. */
  record UnevaluatedProperties(Schema schema) implements Keyword {
    @Override
    public String keyword() {
      return "unevaluatedProperties";
    }
  }

  /** {@code unevaluatedItems}; always after the keywords that it depends on. */
  record UnevaluatedItems(Schema schema) implements Keyword {
    @Override
    public String keyword() {
      return "unevaluatedItems";
    }
  }

  /** What {@link AtLeast} and {@link AtMost} count. */
  enum Countable {
    CHARACTERS("Length"),
    ITEMS("Items"),
    PROPERTIES("Properties");

    private final String suffix;

    Countable(String suffix) {
      this.suffix = suffix;
    }

    String suffix() {
      return suffix;
    }
  }
}
