package dev.troth.contracts.exchange;

import dev.troth.contracts.Finding;
import dev.troth.json.Json;
import dev.troth.json.JsonMembers;
import dev.troth.json.JsonPointer;
import dev.troth.json.file.SourceFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads elements of ODCS as JSON Schema. */
final class OdcsElementReader {
  private static final Set<String> UNDERSTOOD =
      Set.of(
          "name",
          "businessName",
          "description",
          "examples",
          "logicalType",
          "required",
          "properties",
          "items",
          Odcs.OPTIONS,
          Odcs.QUALITY,
          Odcs.CUSTOM);

  private final SourceFile source;
  private final List<Finding> findings;
  private final boolean explicitNull;
  private final OdcsTypes types;

  /**
   * A reader.
   *
   * @param explicitNull whether null is allowed only where it is said; else, as the standard has
   *     it, wherever an element is not required
   */
  OdcsElementReader(SourceFile source, List<Finding> findings, boolean explicitNull) {
    this.source = source;
    this.findings = findings;
    this.explicitNull = explicitNull;
    this.types = new OdcsTypes(this::warn);
  }

  /** What the top object says: the schema of a message, and the rules on it. */
  record Root(Json schema, List<Json> rules) {}

  Root root(Json.Obj object, String at) {
    if (!Odcs.misshapen(object, List.of(Odcs.QUALITY)).isEmpty()) {
      error(at + "/quality", "quality is not a list of objects");
    }
    List<Json> rules = new ArrayList<>();
    List<Json> others = new ArrayList<>();
    for (Json.Obj check : Odcs.items(object, Odcs.QUALITY)) {
      rule(check).ifPresentOrElse(rules::add, () -> others.add(check));
    }
    JsonMembers plain = new JsonMembers();
    if (!object.members().containsKey("logicalType") && !hasResidue(object)) {
      plain.text("logicalType", "object");
    }
    plain.others(object);
    Map<String, Json> members = new LinkedHashMap<>(plain.json().members());
    members.put(Odcs.QUALITY, new Json.Arr(others));
    return new Root(schema(new Json.Obj(members), at, false), rules);
  }

  private static boolean hasResidue(Json.Obj element) {
    return Odcs.custom(element, Odcs.JSON_SCHEMA).isPresent();
  }

  private static Optional<Json> rule(Json.Obj check) {
    boolean cel =
        check.text("type").filter("custom"::equals).isPresent()
            && check.text("engine").filter("cel"::equalsIgnoreCase).isPresent();
    Optional<String> implementation = check.text("implementation");
    Optional<String> name = check.text("name").or(() -> check.text("id"));
    if (!cel || implementation.isEmpty() || name.isEmpty()) {
      return Optional.empty();
    }
    JsonMembers rule = new JsonMembers().text("id", name.get());
    check.text("description").ifPresent(text -> rule.text("description", text));
    rule.text("check", implementation.get());
    if (check.text("severity").filter(s -> !s.equals("error")).isPresent()) {
      rule.text("severity", "warning");
    }
    return Optional.of(rule.json());
  }

  /** The schema of one element; {@code true} or {@code false} only if the element says so. */
  private Json schema(Json.Obj element, String at, boolean mayBeNull) {
    for (String name : Odcs.misshapen(element, List.of("properties", Odcs.QUALITY, Odcs.CUSTOM))) {
      error(at + "/" + name, "%s is not a list of objects".formatted(name));
    }
    Optional<Json> residue = Odcs.custom(element, Odcs.JSON_SCHEMA);
    if (residue.orElse(null) instanceof Json.Bool whole) {
      return whole;
    }
    JsonMembers schema = new JsonMembers();
    element.text("businessName").ifPresent(text -> schema.text("title", text));
    element.text("description").ifPresent(text -> schema.text("description", text));
    boolean nullable =
        mayBeNull || Odcs.custom(element, Odcs.NULLABLE).filter(Json.Bool.TRUE::equals).isPresent();
    JsonMembers keptOptions = new JsonMembers();
    Optional<String> logical = types.logicalType(element, at);
    logical.ifPresent(type -> {
      String name = types.jsonType(type);
      schema.put(
          "type",
          nullable
              ? new Json.Arr(List.of(new Json.Str(name), new Json.Str("null")))
              : new Json.Str(name));
      types.options(type, Odcs.object(element, Odcs.OPTIONS), at, schema, keptOptions);
    });
    if (element.get("items").orElse(null) instanceof Json.Obj items) {
      schema.put("items", schema(items, at + "/items", false));
    }
    properties(element, at, schema);
    List<Json> checks = new ArrayList<>();
    int index = 0;
    for (Json.Obj check : Odcs.items(element, Odcs.QUALITY)) {
      quality(check, JsonPointer.child(at + "/quality", index++), nullable, schema, checks);
    }
    element.get("examples").ifPresent(examples -> schema.put("examples", examples));
    Json.Obj merged =
        residue.orElse(null) instanceof Json.Obj more ? merge(schema.json(), more) : schema.json();
    return kept(merged, element, at, checks, keptOptions);
  }

  private void properties(Json.Obj element, String at, JsonMembers schema) {
    List<Json> required = new ArrayList<>();
    JsonMembers properties = new JsonMembers();
    int index = 0;
    for (Json.Obj property : Odcs.items(element, "properties")) {
      String place = JsonPointer.child(at + "/properties", index++);
      String name = property.text("name").orElse("");
      if (name.isEmpty() || properties.has(name)) {
        error(
            place,
            name.isEmpty()
                ? "a property has no name"
                : "two properties have the name '%s'".formatted(name));
      }
      boolean needed = isTrue(property, "required") || hasNoNulls(property);
      boolean present =
          Odcs.custom(property, Odcs.PRESENCE).filter(new Json.Str("required")::equals).isPresent();
      if (needed || present) {
        required.add(new Json.Str(name));
      }
      properties.put(name, schema(property, place, !explicitNull && !needed));
    }
    if (Odcs.object(element, Odcs.OPTIONS).get("required").orElse(null)
        instanceof Json.Arr(List<Json> names)) {
      names.stream().filter(name -> !required.contains(name)).forEach(required::add);
    }
    schema.list("required", required);
    if (!properties.isEmpty()) {
      schema.put("properties", properties.json());
    }
  }

  private static boolean isTrue(Json.Obj element, String name) {
    return element.get(name).filter(Json.Bool.TRUE::equals).isPresent();
  }

  private static boolean isZero(Json.Obj check) {
    return check.get("mustBe").filter(Json.Num.of(0)::equals).isPresent();
  }

  /** No null values at all is another way to say required. */
  private static boolean hasNoNulls(Json.Obj property) {
    return Odcs.items(property, Odcs.QUALITY).stream()
        .anyMatch(check ->
            check.text("metric").filter("nullValues"::equals).isPresent() && isZero(check));
  }

  private void quality(
      Json.Obj check, String at, boolean nullable, JsonMembers schema, List<Json> others) {
    Json.Obj arguments = Odcs.object(check, "arguments");
    boolean invalid = check.text("metric").filter("invalidValues"::equals).isPresent();
    if (invalid
        && isZero(check)
        && !schema.has("enum")
        && arguments.get("validValues").orElse(null) instanceof Json.Arr(List<Json> values)
        && arguments.members().size() == 1) {
      List<Json> all = new ArrayList<>(values);
      if (nullable && !explicitNull && !all.contains(Json.Null.NULL)) {
        all.add(Json.Null.NULL);
      }
      schema.put("enum", new Json.Arr(all));
      return;
    }
    if (invalid
        && isZero(check)
        && !schema.has("pattern")
        && arguments.get("pattern").orElse(null) instanceof Json.Str pattern
        && arguments.members().size() == 1) {
      schema.put("pattern", pattern);
      return;
    }
    boolean nulls = check.text("metric").filter("nullValues"::equals).isPresent() && isZero(check);
    others.add(check);
    if (!nulls) {
      warn(
          at,
          "odcs/quality",
          "the check %s is about many records or for another engine: kept under x-odcs, not checked"
              .formatted(
                  check
                      .text("metric")
                      .or(() -> check.text("name"))
                      .or(() -> check.text("description"))
                      .orElse("without a name")),
          "write a rule in CEL for what must hold in every message");
    }
  }

  /** Keywords that ODCS has no words for, beside those that it has. */
  private static Json.Obj merge(Json.Obj schema, Json.Obj more) {
    Map<String, Json> members = new LinkedHashMap<>(schema.members());
    more.members()
        .forEach((name, value) -> {
          if (name.equals("required")
              && value instanceof Json.Arr(List<Json> added)
              && members.get(name) instanceof Json.Arr(List<Json> there)) {
            List<Json> all = new ArrayList<>(there);
            added.stream().filter(n -> !all.contains(n)).forEach(all::add);
            members.put(name, new Json.Arr(all));
          } else {
            members.put(name, value);
          }
        });
    return new Json.Obj(members);
  }

  private Json kept(
      Json.Obj schema, Json.Obj element, String at, List<Json> checks, JsonMembers options) {
    Map<String, Json> kept = new LinkedHashMap<>(element.members());
    kept.keySet().removeAll(UNDERSTOOD);
    if (!options.isEmpty()) {
      kept.put(Odcs.OPTIONS, options.json());
      // A time in a form of its own is a text to JSON Schema.
      element
          .get("logicalType")
          .filter(_ -> schema.get("type").isPresent() && schema.get("format").isEmpty())
          .ifPresent(type -> kept.put("logicalType", type));
    }
    if (!checks.isEmpty()) {
      kept.put(Odcs.QUALITY, new Json.Arr(checks));
    }
    List<Json> custom = new ArrayList<>();
    for (Json.Obj property : Odcs.items(element, Odcs.CUSTOM)) {
      String key = property.text("property").orElse("");
      if (!List.of(Odcs.JSON_SCHEMA, Odcs.NULLABLE, Odcs.PRESENCE).contains(key)) {
        custom.add(property);
      }
    }
    if (!custom.isEmpty()) {
      kept.put(Odcs.CUSTOM, new Json.Arr(custom));
    }
    for (String unique : List.of("unique", "primaryKey")) {
      if (isTrue(element, unique)) {
        warn(
            at + "/" + unique,
            "odcs/unique",
            "%s is about many records: kept under x-odcs, not checked in a message"
                .formatted(unique),
            "nothing; check it where the records are kept");
      }
    }
    return kept.isEmpty()
        ? schema
        : new JsonMembers().others(schema).put(Odcs.KEPT, new Json.Obj(kept)).json();
  }

  private void error(String at, String message) {
    findings.add(
        Finding.error(
            "odcs/form", source.place(at), message, "write it as the standard's schema demands"));
  }

  private void warn(String at, String rule, String message, String cure) {
    findings.add(Finding.warning(rule, source.place(at), message, cure));
  }
}
