package dev.troth.contracts.confluent;

import dev.troth.contracts.confluent.Shape.Combination;
import dev.troth.contracts.confluent.Shape.Counts;
import dev.troth.contracts.confluent.Shape.Criterion;
import dev.troth.contracts.confluent.Shape.Others;
import dev.troth.contracts.pattern.Regex;
import dev.troth.contracts.schema.Draft;
import dev.troth.contracts.schema.JsonType;
import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Keyword.Countable;
import dev.troth.contracts.schema.Schema;
import dev.troth.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Takes schemas as the registry takes them: each keyword belongs to one kind of value. */
final class ShapeReader {
  private final IdentityHashMap<Schema, Node> nodes = new IdentityHashMap<>();

  /** The node of a schema, always the same one. */
  Node node(Schema schema) {
    Node known = nodes.get(schema);
    if (known == null) {
      known = new Node(schema, () -> read(schema));
      nodes.put(schema, known);
    }
    return known;
  }

  private Shape read(Schema schema) {
    if (schema.keyword(Keyword.Never.class).isPresent()) {
      return new Shape.Nothing();
    }
    boolean modern = isModern(schema);
    Optional<Keyword.Ref> ref = schema.keyword(Keyword.Ref.class);
    if (ref.isPresent() && !modern) {
      return reference(ref.get());
    }
    List<Shape> parts = new ArrayList<>();
    ref.map(this::reference).ifPresent(parts::add);
    schema
        .keyword(Keyword.DynamicRef.class)
        .map(dynamic -> new Shape.Reference(node(dynamic.link().target())))
        .ifPresent(parts::add);
    combinations(schema, parts);
    values(schema, parts);
    if (schema.keyword(Keyword.Conditional.class).isPresent()) {
      parts.add(new Shape.Conditional());
    }
    return combined(schema, parts);
  }

  private static boolean isModern(Schema schema) {
    return schema.dialect().draft().atLeast(Draft.DRAFT_2019_09);
  }

  private Shape reference(Keyword.Ref ref) {
    return new Shape.Reference(node(ref.link().target()));
  }

  private static Shape combined(Schema schema, List<Shape> parts) {
    return switch (parts.size()) {
      case 0 -> new Shape.Anything();
      case 1 -> parts.getFirst();
      default -> new Combination(Criterion.ALL, made(schema, parts), true);
    };
  }

  private static List<Node> made(Schema schema, List<Shape> shapes) {
    return shapes.stream().map(shape -> new Node(schema, () -> shape)).toList();
  }

  private void combinations(Schema schema, List<Shape> parts) {
    for (Keyword keyword : schema.keywords()) {
      switch (keyword) {
        case Keyword.Enum(List<Json> values) -> parts.add(new Shape.Values(Set.copyOf(values)));
        case Keyword.Const(Json value) -> parts.add(new Shape.Constant(value));
        case Keyword.Not(Schema not) -> parts.add(new Shape.Negation(node(not)));
        case Keyword.AllOf(List<Schema> all) -> parts.add(written(schema, Criterion.ALL, all));
        case Keyword.AnyOf(List<Schema> any) -> parts.add(written(schema, Criterion.ANY, any));
        case Keyword.OneOf(List<Schema> one) -> parts.add(written(schema, Criterion.ONE, one));
        default -> {}
      }
    }
  }

  /** From 2019-09 the registry spreads a branch that mixes kinds over the combination around it. */
  private Shape written(Schema schema, Criterion criterion, List<Schema> schemas) {
    List<Node> parts = new ArrayList<>();
    for (Schema branch : schemas) {
      Node node = node(branch);
      if (isModern(schema) && node.shape() instanceof Combination mixed && mixed.implied()) {
        parts.addAll(mixed.parts());
      } else {
        parts.add(node);
      }
    }
    return new Combination(criterion, parts, false);
  }

  /** What {@code type} names takes the keywords of its kind; those of other kinds stand beside. */
  private void values(Schema schema, List<Shape> parts) {
    Set<JsonType> types =
        schema.keyword(Keyword.Type.class).map(Keyword.Type::types).orElse(Set.of());
    List<Shape> typed = types.stream().map(type -> typed(schema, type)).toList();
    if (schema.annotation("type").orElse(Json.Null.NULL) instanceof Json.Arr) {
      parts.add(new Combination(Criterion.ANY, made(schema, typed), false));
    } else {
      parts.addAll(typed);
    }
    Set<Kind> left = EnumSet.allOf(Kind.class);
    types.forEach(type -> Kind.of(type).ifPresent(left::remove));
    for (Kind kind : left) {
      if (kind.appears(schema, isModern(schema))) {
        parts.add(of(schema, kind));
      }
    }
  }

  private Shape typed(Schema schema, JsonType type) {
    return switch (type) {
      case NULL -> new Shape.NullValue();
      case BOOLEAN -> new Shape.Flag();
      case INTEGER -> numeric(schema, true);
      case NUMBER -> numeric(schema, false);
      case STRING -> text(schema);
      case ARRAY -> elements(schema);
      case OBJECT -> members(schema);
    };
  }

  private Shape of(Schema schema, Kind kind) {
    return switch (kind) {
      case TEXT -> text(schema);
      case NUMBER -> numeric(schema, false);
      case ARRAY -> elements(schema);
      case OBJECT -> members(schema);
    };
  }

  private static Shape text(Schema schema) {
    return new Shape.Text(
        counts(schema, Countable.CHARACTERS),
        schema.keyword(Keyword.Pattern.class).map(pattern -> pattern.regex().source()));
  }

  private static Counts counts(Schema schema, Countable what) {
    Optional<Integer> min = Optional.empty();
    Optional<Integer> max = Optional.empty();
    for (Keyword keyword : schema.keywords()) {
      if (keyword instanceof Keyword.AtLeast(Countable counted, int limit) && counted == what) {
        min = Optional.of(limit);
      } else if (keyword instanceof Keyword.AtMost(Countable counted, int limit)
          && counted == what) {
        max = Optional.of(limit);
      }
    }
    return new Counts(min, max);
  }

  private static Shape numeric(Schema schema, boolean whole) {
    // The registry does not look at the flags of draft 4.
    boolean flags = schema.dialect().draft() == Draft.DRAFT_4;
    Optional<BigDecimal> minimum = Optional.empty();
    Optional<BigDecimal> maximum = Optional.empty();
    Optional<BigDecimal> above = Optional.empty();
    Optional<BigDecimal> below = Optional.empty();
    for (Keyword keyword : schema.keywords()) {
      switch (keyword) {
        case Keyword.Minimum(BigDecimal limit, boolean exclusive) when exclusive && !flags ->
            above = Optional.of(limit);
        case Keyword.Minimum(BigDecimal limit, boolean _) -> minimum = Optional.of(limit);
        case Keyword.Maximum(BigDecimal limit, boolean exclusive) when exclusive && !flags ->
            below = Optional.of(limit);
        case Keyword.Maximum(BigDecimal limit, boolean _) -> maximum = Optional.of(limit);
        default -> {}
      }
    }
    return new Shape.Numeric(
        whole,
        minimum,
        maximum,
        above,
        below,
        schema.keyword(Keyword.MultipleOf.class).map(Keyword.MultipleOf::divisor));
  }

  private Shape elements(Schema schema) {
    Optional<Keyword.Items> items = schema.keyword(Keyword.Items.class);
    Optional<Schema> rest = items.flatMap(Keyword.Items::rest);
    List<Node> leading =
        items.map(Keyword.Items::prefix).orElse(List.of()).stream().map(this::node).toList();
    Optional<Schema> every = leading.isEmpty() ? rest : Optional.empty();
    Optional<Schema> others = leading.isEmpty() ? Optional.empty() : rest;
    Optional<Keyword.UnevaluatedItems> unevaluated = schema.keyword(Keyword.UnevaluatedItems.class);
    if (isModern(schema) && every.map(s -> s.source() instanceof Json.Bool).orElse(false)) {
      others = every;
      every = Optional.empty();
    }
    Others beside = others(others, unevaluated.map(Keyword.UnevaluatedItems::schema));
    if (items.isEmpty()
        && schema.annotation("additionalItems").equals(Optional.of(Json.Bool.FALSE))) {
      // Without effect on documents, but the registry counts it.
      beside = new Others(isModern(schema), Optional.empty(), beside.unevaluated());
    }
    return new Shape.Elements(
        every.map(this::node),
        leading,
        beside,
        schema.keyword(Keyword.UniqueItems.class).isPresent(),
        counts(schema, Countable.ITEMS),
        contained(schema));
  }

  private static Counts contained(Schema schema) {
    Optional<Keyword.Contains> contains =
        schema.keyword(Keyword.Contains.class).filter(_ -> isModern(schema));
    return new Counts(
        contains.map(Keyword.Contains::min),
        contains.map(Keyword.Contains::max).filter(max -> max != Integer.MAX_VALUE));
  }

  private Others others(Optional<Schema> schema, Optional<Schema> unevaluated) {
    boolean forbidden = schema.map(s -> s.source() == Json.Bool.FALSE).orElse(false);
    return new Others(
        !forbidden,
        schema.filter(s -> !(s.source() instanceof Json.Bool)).map(this::node),
        unevaluated.map(this::node));
  }

  private Shape members(Schema schema) {
    Map<String, Node> named = new LinkedHashMap<>();
    Map<Regex, Node> patterns = new LinkedHashMap<>();
    Map<String, List<String>> dependentNames = new LinkedHashMap<>();
    Map<String, Node> dependentShapes = new LinkedHashMap<>();
    Set<String> required = new HashSet<>();
    Optional<Schema> additional = Optional.empty();
    Optional<Schema> unevaluated = Optional.empty();
    for (Keyword keyword : schema.keywords()) {
      switch (keyword) {
        case Keyword.Properties properties -> {
          properties.named().forEach((name, member) -> named.put(name, node(member)));
          properties.patterns().forEach(p -> patterns.put(p.regex(), node(p.schema())));
          additional = properties.additional();
        }
        case Keyword.Required(List<String> names) -> required.addAll(names);
        case Keyword.DependentRequired dependent -> dependentNames.putAll(dependent.names());
        case Keyword.DependentSchemas dependent ->
            dependent.schemas().forEach((name, member) -> dependentShapes.put(name, node(member)));
        case Keyword.UnevaluatedProperties(Schema rest) -> unevaluated = Optional.of(rest);
        default -> {}
      }
    }
    return new Shape.Members(
        named,
        required,
        patterns,
        others(additional, unevaluated),
        dependentNames,
        dependentShapes,
        counts(schema, Countable.PROPERTIES));
  }
}
