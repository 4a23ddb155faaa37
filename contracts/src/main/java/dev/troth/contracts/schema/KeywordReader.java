package dev.troth.contracts.schema;

import dev.troth.contracts.format.Format;
import dev.troth.contracts.pattern.Regex;
import dev.troth.contracts.pattern.RegexException;
import dev.troth.contracts.schema.Keyword.Countable;
import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the keywords of one schema object in the way of its dialect. */
final class KeywordReader {
  private final SchemaLoader loader;
  private final Json.Obj object;
  private final Schema schema;
  private final Draft draft;
  private final List<Keyword> keywords = new ArrayList<>();

  KeywordReader(SchemaLoader loader, Json.Obj object, Schema schema) {
    this.loader = loader;
    this.object = object;
    this.schema = schema;
    this.draft = schema.dialect().draft();
  }

  List<Keyword> read() {
    for (String container : List.of("definitions", "$defs")) {
      if (container.equals("definitions") || draft.atLeast(Draft.DRAFT_2019_09)) {
        schemas(container);
      }
    }
    if (!references()) {
      return keywords;
    }
    if (schema.dialect().has(Vocabulary.VALIDATION)) {
      validation();
    }
    format();
    if (schema.dialect().has(Vocabulary.APPLICATOR)) {
      applicators();
      properties();
      items();
    }
    if (draft.atLeast(Draft.DRAFT_2019_09)) {
      schema("contentSchema");
      boolean own = draft.atLeast(Draft.DRAFT_2020_12);
      if (schema.dialect().has(own ? Vocabulary.UNEVALUATED : Vocabulary.APPLICATOR)) {
        schema("unevaluatedProperties")
            .map(Keyword.UnevaluatedProperties::new)
            .ifPresent(this::add);
        schema("unevaluatedItems").map(Keyword.UnevaluatedItems::new).ifPresent(this::add);
      }
    }
    return keywords;
  }

  private void add(Keyword keyword) {
    keywords.add(keyword);
  }

  /** Whether other keywords count: up to draft 7 they do not beside {@code $ref}. */
  private boolean references() {
    Optional<String> ref = text("$ref");
    ref.ifPresent(uri -> add(new Keyword.Ref(loader.link(uri, schema))));
    if (!draft.atLeast(Draft.DRAFT_2019_09)) {
      return ref.isEmpty();
    }
    if (draft == Draft.DRAFT_2019_09) {
      text("$recursiveRef")
          .ifPresent(uri ->
              add(
                  new Keyword.DynamicRef(
                      "$recursiveRef", loader.link(uri, schema), Resource.RECURSIVE)));
    } else {
      text("$dynamicRef")
          .ifPresent(uri ->
              add(
                  new Keyword.DynamicRef(
                      "$dynamicRef", loader.link(uri, schema), UriReference.fragment(uri))));
    }
    return true;
  }

  private void validation() {
    types();
    if (object.get("enum").isPresent()) {
      list("enum").map(Keyword.Enum::new).ifPresent(this::add);
    }
    if (draft.atLeast(Draft.DRAFT_6)) {
      object.get("const").map(Keyword.Const::new).ifPresent(this::add);
    }
    bounds();
    number("multipleOf")
        .ifPresent(divisor -> {
          if (divisor.signum() > 0) {
            add(new Keyword.MultipleOf(divisor));
          } else {
            wrong("multipleOf", "a number above 0");
          }
        });
    for (Countable what : Countable.values()) {
      count("min" + what.suffix()).ifPresent(n -> add(new Keyword.AtLeast(what, n)));
      count("max" + what.suffix()).ifPresent(n -> add(new Keyword.AtMost(what, n)));
    }
    text("pattern").flatMap(this::regex).map(Keyword.Pattern::new).ifPresent(this::add);
    if (flag("uniqueItems")) {
      add(new Keyword.UniqueItems());
    }
    if (object.get("required").isPresent()) {
      names("required").map(Keyword.Required::new).ifPresent(this::add);
    }
    if (draft.atLeast(Draft.DRAFT_2019_09)) {
      dependentRequired();
    }
  }

  private void types() {
    Optional<Json> written = object.get("type");
    if (written.isEmpty()) {
      return;
    }
    List<Json> names =
        written.get() instanceof Json.Arr array ? array.items() : List.of(written.get());
    Set<JsonType> types = EnumSet.noneOf(JsonType.class);
    for (Json name : names) {
      Optional<JsonType> type =
          name instanceof Json.Str text ? JsonType.named(text.value()) : Optional.empty();
      type.ifPresentOrElse(
          types::add,
          () -> wrong("type", "one of null, boolean, integer, number, string, array, object"));
    }
    add(new Keyword.Type(types, draft != Draft.DRAFT_4));
  }

  private void bounds() {
    boolean flags = draft == Draft.DRAFT_4;
    number("minimum")
        .ifPresent(n -> add(new Keyword.Minimum(n, flags && flag("exclusiveMinimum"))));
    number("maximum")
        .ifPresent(n -> add(new Keyword.Maximum(n, flags && flag("exclusiveMaximum"))));
    if (!flags) {
      number("exclusiveMinimum").ifPresent(n -> add(new Keyword.Minimum(n, true)));
      number("exclusiveMaximum").ifPresent(n -> add(new Keyword.Maximum(n, true)));
    }
  }

  private void dependentRequired() {
    members("dependentRequired")
        .ifPresent(members -> {
          Map<String, List<String>> names = new LinkedHashMap<>();
          members.forEach((name, list) -> names.put(name, strings("dependentRequired", list)));
          add(new Keyword.DependentRequired("dependentRequired", names));
        });
  }

  private void format() {
    if (loader.assertsFormats(schema.dialect())) {
      text("format")
          .flatMap(name -> Format.named(name))
          .map(Keyword.FormatOf::new)
          .ifPresent(this::add);
    }
  }

  private void applicators() {
    schemaList("allOf").map(Keyword.AllOf::new).ifPresent(this::add);
    schemaList("anyOf").map(Keyword.AnyOf::new).ifPresent(this::add);
    schemaList("oneOf").map(Keyword.OneOf::new).ifPresent(this::add);
    schema("not").map(Keyword.Not::new).ifPresent(this::add);
    if (draft.atLeast(Draft.DRAFT_7)) {
      Optional<Schema> then = schema("then");
      Optional<Schema> otherwise = schema("else");
      schema("if")
          .filter(_ -> then.isPresent() || otherwise.isPresent() || collectsAnnotations())
          .ifPresent(test -> add(new Keyword.Conditional(test, then, otherwise)));
    }
    dependencies();
    if (draft.atLeast(Draft.DRAFT_2019_09)) {
      Map<String, Schema> dependent = schemas("dependentSchemas");
      if (!dependent.isEmpty()) {
        add(new Keyword.DependentSchemas("dependentSchemas", dependent));
      }
    }
  }

  /** Whether a lone {@code if} matters: what it evaluates counts from 2019-09. */
  private boolean collectsAnnotations() {
    return draft.atLeast(Draft.DRAFT_2019_09);
  }

  private void dependencies() {
    Map<String, List<String>> names = new LinkedHashMap<>();
    Map<String, Schema> schemas = new LinkedHashMap<>();
    members("dependencies")
        .orElse(Map.of())
        .forEach((name, value) -> {
          if (value instanceof Json.Arr) {
            names.put(name, strings("dependencies", value));
          } else {
            schemas.put(name, below(value, "dependencies", name));
          }
        });
    if (!names.isEmpty()) {
      add(new Keyword.DependentRequired("dependencies", names));
    }
    if (!schemas.isEmpty()) {
      add(new Keyword.DependentSchemas("dependencies", schemas));
    }
  }

  private void properties() {
    Map<String, Schema> named = schemas("properties");
    List<Keyword.PatternProperty> patterns = new ArrayList<>();
    schemas("patternProperties")
        .forEach((pattern, property) ->
            regex(pattern).ifPresent(r -> patterns.add(new Keyword.PatternProperty(r, property))));
    Optional<Schema> additional = schema("additionalProperties");
    if (!named.isEmpty() || !patterns.isEmpty() || additional.isPresent()) {
      add(new Keyword.Properties(named, patterns, additional));
    }
    if (draft.atLeast(Draft.DRAFT_6)) {
      schema("propertyNames").map(Keyword.PropertyNames::new).ifPresent(this::add);
    }
  }

  private void items() {
    boolean prefixItems = draft.atLeast(Draft.DRAFT_2020_12);
    String prefixKeyword = prefixItems ? "prefixItems" : "items";
    boolean tuple = prefixItems || object.get("items").orElse(null) instanceof Json.Arr;
    List<Schema> prefix = tuple ? schemaList(prefixKeyword).orElse(List.of()) : List.of();
    String restKeyword = tuple && !prefixItems ? "additionalItems" : "items";
    Optional<Schema> rest = schema(restKeyword);
    if (!prefix.isEmpty() || rest.isPresent()) {
      add(new Keyword.Items(prefix, rest, prefixKeyword, restKeyword));
    }
    if (draft.atLeast(Draft.DRAFT_6)) {
      boolean counted =
          draft.atLeast(Draft.DRAFT_2019_09) && schema.dialect().has(Vocabulary.VALIDATION);
      int min = counted ? count("minContains").orElse(1) : 1;
      int max = counted ? count("maxContains").orElse(Integer.MAX_VALUE) : Integer.MAX_VALUE;
      schema("contains").ifPresent(s -> add(new Keyword.Contains(s, min, max, prefixItems)));
    }
  }

  private Schema below(Json json, String... path) {
    String pointer = schema.place().pointer();
    for (String token : path) {
      pointer = JsonPointer.child(pointer, token);
    }
    return loader.schema(json, schema.resource(), pointer, false);
  }

  private Optional<Schema> schema(String name) {
    return object.get(name).map(json -> below(json, name));
  }

  private Optional<List<Schema>> schemaList(String name) {
    if (object.get(name).isEmpty()) {
      return Optional.empty();
    }
    List<Schema> schemas = new ArrayList<>();
    List<Json> items = list(name).orElse(List.of());
    for (int i = 0; i < items.size(); i++) {
      schemas.add(below(items.get(i), name, String.valueOf(i)));
    }
    return schemas.isEmpty() ? Optional.empty() : Optional.of(schemas);
  }

  private Map<String, Schema> schemas(String name) {
    Map<String, Schema> schemas = new LinkedHashMap<>();
    members(name)
        .orElse(Map.of())
        .forEach((member, json) -> schemas.put(member, below(json, name, member)));
    return schemas;
  }

  private Optional<Regex> regex(String pattern) {
    try {
      return Optional.of(Regex.of(pattern));
    } catch (RegexException e) {
      loader.problem(schema.place(), e.problem());
      return Optional.empty();
    }
  }

  private Optional<Map<String, Json>> members(String name) {
    return switch (object.get(name).orElse(null)) {
      case null -> Optional.empty();
      case Json.Obj members -> Optional.of(members.members());
      default -> wrong(name, "an object");
    };
  }

  private Optional<List<Json>> list(String name) {
    return object.get(name).orElse(null) instanceof Json.Arr array
        ? Optional.of(array.items())
        : wrong(name, "an array");
  }

  private Optional<List<String>> names(String name) {
    return object.get(name).map(list -> strings(name, list));
  }

  private List<String> strings(String name, Json list) {
    Set<String> texts = new LinkedHashSet<>();
    for (Json item : list instanceof Json.Arr array ? array.items() : List.of(list)) {
      if (list instanceof Json.Arr && item instanceof Json.Str text) {
        texts.add(text.value());
      } else {
        wrong(name, "an array of strings");
      }
    }
    return List.copyOf(texts);
  }

  private Optional<String> text(String name) {
    return switch (object.get(name).orElse(null)) {
      case null -> Optional.empty();
      case Json.Str text -> Optional.of(text.value());
      default -> wrong(name, "a string");
    };
  }

  private Optional<BigDecimal> number(String name) {
    return switch (object.get(name).orElse(null)) {
      case null -> Optional.empty();
      case Json.Num number -> Optional.of(number.value());
      default -> wrong(name, "a number");
    };
  }

  private Optional<Integer> count(String name) {
    Optional<Json> value = object.get(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof Json.Num number
        && number.isWhole()
        && number.value().signum() >= 0) {
      // No document is long enough to tell larger limits apart.
      return Optional.of(number.value().min(BigDecimal.valueOf(Integer.MAX_VALUE)).intValue());
    }
    return wrong(name, "a whole number from 0");
  }

  private boolean flag(String name) {
    return switch (object.get(name).orElse(Json.Bool.FALSE)) {
      case Json.Bool bool -> bool.value();
      default -> wrong(name, "true or false").isPresent();
    };
  }

  private <T> Optional<T> wrong(String name, String expected) {
    Place place =
        new Place(schema.place().document(), JsonPointer.child(schema.place().pointer(), name));
    loader.problem(
        place,
        "%s is %s, expected %s"
            .formatted(name, object.get(name).map(Json::toString).orElse(""), expected));
    return Optional.empty();
  }
}
