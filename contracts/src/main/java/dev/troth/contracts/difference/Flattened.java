package dev.troth.contracts.difference;

import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Schema;
import dev.troth.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A schema together with those that it refers to and joins by {@code allOf}: to a reader, one.
 *
 * @param values keywords that are no schemas, as written
 * @param parts schemas that apply to something, under a name that tells to what
 */
record Flattened(
    Map<String, Json> values,
    Map<String, Schema> properties,
    Set<String> required,
    Map<String, Schema> parts,
    Map<String, List<Schema>> choices) {
  /** Keywords that are told as schemas, or that only name places. */
  private static final Set<String> STRUCTURE =
      Set.of(
          "$ref",
          "$defs",
          "definitions",
          "$schema",
          "$id",
          "id",
          "$anchor",
          "$dynamicAnchor",
          "$dynamicRef",
          "$recursiveRef",
          "$recursiveAnchor",
          "$comment",
          "properties",
          "required",
          "patternProperties",
          "additionalProperties",
          "propertyNames",
          "items",
          "prefixItems",
          "additionalItems",
          "contains",
          "allOf",
          "anyOf",
          "oneOf",
          "not",
          "if",
          "then",
          "else",
          "dependentSchemas",
          "unevaluatedProperties",
          "unevaluatedItems");

  static Flattened of(Schema schema) {
    Flattened flat =
        new Flattened(
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            new LinkedHashSet<>(),
            new LinkedHashMap<>(),
            new LinkedHashMap<>());
    flat.add(schema, new HashSet<>());
    return flat;
  }

  private void add(Schema schema, Set<Schema> seen) {
    if (!seen.add(schema)) {
      return;
    }
    if (schema.source() instanceof Json.Obj object) {
      object
          .members()
          .forEach((name, value) -> {
            if (!STRUCTURE.contains(name)) {
              values.merge(name, value, (one, other) -> one.equals(other) ? one : both(one, other));
            }
          });
    } else {
      values.put("the schema", schema.source());
    }
    for (Keyword keyword : schema.keywords()) {
      keyword(keyword, seen);
    }
  }

  /** Two parts that say different things of one keyword. */
  private static Json both(Json one, Json other) {
    return new Json.Arr(List.of(one, other));
  }

  private void keyword(Keyword keyword, Set<Schema> seen) {
    switch (keyword) {
      case Keyword.Ref ref -> add(ref.link().target(), seen);
      case Keyword.AllOf all -> all.schemas().forEach(part -> add(part, seen));
      case Keyword.Required names -> required.addAll(names.names());
      case Keyword.Properties all -> {
        all.named().forEach(properties::putIfAbsent);
        all.patterns().forEach(p -> parts.put("members like " + p.regex(), p.schema()));
        put("other members", all.additional());
      }
      case Keyword.Items items -> {
        for (int i = 0; i < items.prefix().size(); i++) {
          parts.put("[" + i + "]", items.prefix().get(i));
        }
        put("[]", items.rest());
      }
      case Keyword.Contains contains -> parts.put("contained item", contains.schema());
      case Keyword.PropertyNames names -> parts.put("member names", names.schema());
      case Keyword.Not not -> parts.put("not", not.schema());
      case Keyword.UnevaluatedProperties rest -> parts.put("unevaluated members", rest.schema());
      case Keyword.UnevaluatedItems rest -> parts.put("unevaluated items", rest.schema());
      case Keyword.Conditional conditional -> {
        parts.put("if", conditional.test());
        put("then", conditional.then());
        put("else", conditional.otherwise());
      }
      case Keyword.DependentSchemas dependent ->
          dependent.schemas().forEach((name, part) -> parts.put("with " + name, part));
      case Keyword.AnyOf any -> choose("anyOf", any.schemas());
      case Keyword.OneOf one -> choose("oneOf", one.schemas());
      case Keyword.Never _,
          Keyword.DynamicRef _,
          Keyword.Type _,
          Keyword.Enum _,
          Keyword.Const _,
          Keyword.Minimum _,
          Keyword.Maximum _,
          Keyword.MultipleOf _,
          Keyword.AtLeast _,
          Keyword.AtMost _,
          Keyword.Pattern _,
          Keyword.FormatOf _,
          Keyword.UniqueItems _,
          Keyword.DependentRequired _ -> {}
    }
  }

  private void put(String name, Optional<Schema> part) {
    part.ifPresent(schema -> parts.put(name, schema));
  }

  private void choose(String name, List<Schema> branches) {
    choices.merge(
        name,
        branches,
        (one, other) -> {
          List<Schema> all = new ArrayList<>(one);
          all.addAll(other);
          return all;
        });
  }
}
