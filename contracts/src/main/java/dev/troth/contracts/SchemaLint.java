package dev.troth.contracts;

import dev.troth.contracts.format.Format;
import dev.troth.contracts.pattern.CostException;
import dev.troth.contracts.schema.Draft;
import dev.troth.contracts.schema.JsonType;
import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.KnownKeywords;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.contracts.validate.Violation;
import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import dev.troth.json.file.Location;
import dev.troth.json.file.NearestName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/**
 * Names what a schema says and no validator heeds: keywords beside {@code $ref} in old drafts,
 * misspelt or unknown keywords and formats, keywords of other drafts or other types, examples that
 * the schema itself refuses.
 */
final class SchemaLint {
  private static final int SHORTEST_MISSPELT = 4;

  /** What a keyword speaks of, if the type rules it out. */
  private static final Map<String, Set<JsonType>> SPEAKS_OF =
      Map.ofEntries(
          Map.entry("minimum", Set.of(JsonType.NUMBER, JsonType.INTEGER)),
          Map.entry("maximum", Set.of(JsonType.NUMBER, JsonType.INTEGER)),
          Map.entry("exclusiveMinimum", Set.of(JsonType.NUMBER, JsonType.INTEGER)),
          Map.entry("exclusiveMaximum", Set.of(JsonType.NUMBER, JsonType.INTEGER)),
          Map.entry("multipleOf", Set.of(JsonType.NUMBER, JsonType.INTEGER)),
          Map.entry("minLength", Set.of(JsonType.STRING)),
          Map.entry("maxLength", Set.of(JsonType.STRING)),
          Map.entry("pattern", Set.of(JsonType.STRING)),
          Map.entry("format", Set.of(JsonType.STRING)),
          Map.entry("items", Set.of(JsonType.ARRAY)),
          Map.entry("prefixItems", Set.of(JsonType.ARRAY)),
          Map.entry("contains", Set.of(JsonType.ARRAY)),
          Map.entry("minItems", Set.of(JsonType.ARRAY)),
          Map.entry("maxItems", Set.of(JsonType.ARRAY)),
          Map.entry("uniqueItems", Set.of(JsonType.ARRAY)),
          Map.entry("properties", Set.of(JsonType.OBJECT)),
          Map.entry("patternProperties", Set.of(JsonType.OBJECT)),
          Map.entry("additionalProperties", Set.of(JsonType.OBJECT)),
          Map.entry("propertyNames", Set.of(JsonType.OBJECT)),
          Map.entry("required", Set.of(JsonType.OBJECT)),
          Map.entry("minProperties", Set.of(JsonType.OBJECT)),
          Map.entry("maxProperties", Set.of(JsonType.OBJECT)));

  /** What the name of a text says it is, and the formats that hold it to that. */
  private static final Map<Pattern, String> FORMATS =
      Map.of(
          Pattern.compile(".*[a-z0-9](At|_at|Timestamp|_timestamp)|timestamp"), "date-time",
          Pattern.compile(".*[a-z0-9](Date|_date)|date"), "date or date-time",
          Pattern.compile(".*[a-z0-9](Email|_email)|email"), "email",
          Pattern.compile(".*[a-z0-9](Url|_url|Uri|_uri)|url|uri"), "uri");

  /** Keywords that say which texts are meant. */
  private static final Set<String> SAYING =
      Set.of("format", "pattern", "enum", "const", "$ref", "allOf", "anyOf", "oneOf", "not");

  /** Keywords that only mean something beside another. */
  private static final Map<String, String> NEEDS =
      Map.of("then", "if", "else", "if", "minContains", "contains", "maxContains", "contains");

  private final BiFunction<Schema, String, Location> places;
  private final boolean bare;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, Finding> unknown = new LinkedHashMap<>();
  private final Map<String, Integer> more = new LinkedHashMap<>();

  /**
   * Looks at schemas.
   *
   * @param places where a schema's member is, by its pointer below the schema
   * @param bare whether the root schema is the whole contract, with its version and examples
   */
  SchemaLint(BiFunction<Schema, String, Location> places, boolean bare) {
    this.places = places;
    this.bare = bare;
  }

  void schema(Schema schema) {
    if (!(schema.source() instanceof Json.Obj object)) {
      return;
    }
    Draft draft = schema.dialect().draft();
    boolean whole = bare && schema.place().pointer().isEmpty();
    boolean reference = !draft.atLeast(Draft.DRAFT_2019_09) && object.text("$ref").isPresent();
    for (String name : object.members().keySet()) {
      if (reference && !name.equals("$ref")) {
        besideReference(schema, name, draft);
      } else if (!KnownKeywords.of(draft).contains(name) && !(whole && name.equals("version"))) {
        unknown(schema, name, draft);
      } else {
        idle(schema, object, name);
      }
    }
    if (!reference) {
      format(schema, object);
      if (object.get("properties").orElse(null) instanceof Json.Obj(Map<String, Json> named)) {
        named.forEach((name, property) -> formatMissing(schema, name, property));
      }
      try {
        examples(schema, object, whole);
      } catch (CostException untold) {
        // The pattern that takes so many steps is a finding of its own.
      }
    }
  }

  /** All that was found. */
  List<Finding> findings() {
    unknown.forEach((name, first) -> {
      int others = more.getOrDefault(name, 0);
      findings.add(
          others == 0
              ? first
              : new Finding(
                  first.rule(),
                  first.severity(),
                  first.location(),
                  first.message()
                      + " (and at "
                      + others
                      + (others == 1 ? " more place)" : " more places)"),
                  first.cure()));
    });
    unknown.clear();
    return findings;
  }

  private void besideReference(Schema schema, String name, Draft draft) {
    if (KnownKeywords.describes(name)) {
      return;
    }
    findings.add(
        Finding.error(
            "keyword-beside-ref",
            at(schema, name),
            "%s stands beside $ref, where %s ignores it".formatted(name, draft.title()),
            "write allOf: [{$ref: ...}] beside it, or use 2019-09 or later"));
  }

  private void unknown(Schema schema, String name, Draft draft) {
    boolean names = name.equals("id") || name.equals("$id");
    if (KnownKeywords.describes(name) && !names) {
      return;
    }
    if (more.computeIfPresent(name, (_, count) -> count + 1) != null) {
      return;
    }
    more.put(name, 0);
    Optional<Draft> since = KnownKeywords.since(name);
    Optional<Draft> until = KnownKeywords.until(name);
    Location place = at(schema, name);
    if (since.isPresent() || until.isPresent()) {
      String which =
          since.isPresent()
              ? "a keyword since " + since.get().title()
              : "no keyword since " + until.orElseThrow().title();
      unknown.put(
          name,
          Finding.error(
              "keyword-draft",
              place,
              "%s is %s, so %s ignores it".formatted(name, which, draft.title()),
              "name the draft that is meant by $schema, or write it in this draft's way"));
      return;
    }
    Optional<String> near =
        name.length() < SHORTEST_MISSPELT
            ? Optional.empty()
            : NearestName.nearest(name, KnownKeywords.of(draft), 2);
    String message = "%s is no keyword of %s, so it is ignored".formatted(name, draft.title());
    unknown.put(
        name,
        near.isPresent()
            ? Finding.error("keyword-unknown", place, message, "did you mean '" + near.get() + "'?")
            : Finding.warning("keyword-unknown", place, message, "remove it, or begin it with x-"));
  }

  private void idle(Schema schema, Json.Obj object, String name) {
    String needed = NEEDS.get(name);
    if (needed != null && object.get(needed).isEmpty()) {
      idle(schema, name, "%s has no effect without %s".formatted(name, needed));
    }
    if (name.equals("additionalItems") && !(object.get("items").orElse(null) instanceof Json.Arr)) {
      idle(schema, name, "additionalItems has no effect unless items is a list");
    }
    Set<JsonType> spoken = SPEAKS_OF.get(name);
    Optional<Keyword.Type> type = schema.keyword(Keyword.Type.class);
    if (spoken != null
        && type.isPresent()
        && type.get().types().stream().noneMatch(spoken::contains)) {
      idle(
          schema,
          name,
          "%s says nothing about values of type %s".formatted(name, names(type.get().types())));
    }
  }

  private static String names(Set<JsonType> types) {
    return String.join(", ", types.stream().map(JsonType::toString).sorted().toList());
  }

  private void idle(Schema schema, String name, String message) {
    findings.add(
        Finding.warning("keyword-idle", at(schema, name), message, "remove it, or mend the type"));
  }

  private void format(Schema schema, Json.Obj object) {
    Optional<String> name = object.text("format").filter(format -> Format.named(format).isEmpty());
    if (name.isEmpty()) {
      return;
    }
    Optional<String> near =
        name.get().length() < SHORTEST_MISSPELT
            ? Optional.empty()
            : NearestName.nearest(name.get(), Format.names(), 2);
    String message = "the format '%s' is not known, so it is not checked".formatted(name.get());
    Location place = at(schema, "format");
    findings.add(
        near.isPresent()
            ? Finding.error("format-unknown", place, message, "did you mean '" + near.get() + "'?")
            : Finding.warning(
                "format-unknown",
                place,
                message,
                "write a pattern, or one of " + String.join(", ", Format.names())));
  }

  /** A text that its name promises to be a time, and that may be any text. */
  private void formatMissing(Schema schema, String name, Json property) {
    if (!(property instanceof Json.Obj text)
        || !text.text("type").equals(Optional.of("string"))
        || text.members().keySet().stream().anyMatch(SAYING::contains)) {
      return;
    }
    FORMATS.forEach((names, formats) -> {
      if (names.matcher(name).matches()) {
        findings.add(
            Finding.warning(
                "format-missing",
                places.apply(schema, JsonPointer.child("/properties", name)),
                "'%s' may be any text, and its name says more".formatted(name),
                "add format: %s, or a pattern".formatted(formats)));
      }
    });
  }

  private void examples(Schema schema, Json.Obj object, boolean whole) {
    Interpreter interpreter = new Interpreter(schema);
    // Those of a bare schema are the contract's own.
    if (!whole && object.get("examples").orElse(null) instanceof Json.Arr(List<Json> examples)) {
      for (int i = 0; i < examples.size(); i++) {
        for (Violation violation : interpreter.violations(examples.get(i))) {
          String below = JsonPointer.child("/examples", i) + violation.pointer();
          findings.add(
              Finding.error(
                  "example-invalid",
                  places.apply(schema, below),
                  "example %d is refused by its own schema: %s".formatted(i + 1, violation),
                  "mend the example or the schema"));
        }
      }
    }
    Optional<Json> fallback = object.get("default");
    if (fallback.isPresent() && !interpreter.isValid(fallback.get())) {
      findings.add(
          Finding.warning(
              "default-invalid",
              at(schema, "default"),
              "the default is %s, which its own schema refuses".formatted(fallback.get()),
              "mend the default or the schema"));
    }
  }

  private Location at(Schema schema, String name) {
    return places.apply(schema, JsonPointer.child("", name));
  }
}
