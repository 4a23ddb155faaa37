package dev.troth.contracts.exchange;

import dev.troth.contracts.Contract;
import dev.troth.contracts.Finding;
import dev.troth.json.Json;
import dev.troth.json.JsonMembers;
import dev.troth.json.JsonPointer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes JSON Schema as elements of ODCS, and the keywords that ODCS lacks beside them. */
final class OdcsElementWriter {
  private static final List<String> NUMBER_OPTIONS =
      List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf");

  private static final Map<String, String> TEMPORAL =
      Map.of("date", "date", "date-time", "timestamp", "time", "time");

  /** Keywords that may stand beside {@code $ref} without changing what it means. */
  private static final Set<String> REMARKS =
      Set.of("$ref", "description", "title", "examples", "$comment", Odcs.KEPT);

  /** What is written once for the whole contract. */
  private static final Set<String> ELSEWHERE = Set.of("$schema", "$defs", "definitions");

  /** Copies of referenced schemas are bounded; beyond, the reference is kept. */
  private static final int MOST_ELEMENTS = 5_000;

  private static final int MOST_REFERENCES_IN_A_ROW = 50;

  private final List<Finding> findings;
  private final LocalReferences references;
  private final Set<String> open = new HashSet<>();
  private final List<Json> quality = new ArrayList<>();
  private int elements;
  private boolean refers;

  OdcsElementWriter(Contract contract, List<Finding> findings) {
    this.findings = findings;
    this.references =
        new LocalReferences(
            contract.json().get("schema").orElse(Json.Bool.TRUE), contract.documents());
  }

  /** Where an element's schema is written, for findings and references. */
  private record At(String document, String pointer) {
    At child(String keyword, String name) {
      return new At(document, JsonPointer.child(pointer + "/" + keyword, name));
    }

    At child(String keyword) {
      return new At(document, pointer + "/" + keyword);
    }

    String place() {
      return document.isEmpty() ? "/schema" + pointer : document + "#" + pointer;
    }
  }

  /** The object that is a whole message, without its quality; see {@link #quality()}. */
  JsonMembers root(Json schema, String name) {
    JsonMembers element = new JsonMembers().text("name", name);
    At top = new At("", "");
    // At the top the standard knows objects alone, without options.
    boolean object =
        schema instanceof Json.Obj it
            && (it.text("type").filter("object"::equals).isPresent() || it.get("$ref").isPresent());
    if (!object) {
      return element.others(unsaid(schema, top).json());
    }
    element(schema, top, false)
        .json()
        .members()
        .forEach((key, value) -> {
          if (key.equals(Odcs.QUALITY)) {
            quality.addAll(((Json.Arr) value).items());
          } else {
            element.put(key, value);
          }
        });
    return element;
  }

  /** What the root's quality holds beside the contract's rules. */
  List<Json> quality() {
    return quality;
  }

  /** Whether a reference was kept, so that its target must be too. */
  boolean refers() {
    return refers;
  }

  private Json.Obj property(String name, Json schema, boolean required, At at) {
    JsonMembers property = new JsonMembers().text("name", name);
    JsonMembers written = element(schema, at, true);
    boolean nullable =
        Odcs.custom(written.json(), Odcs.NULLABLE).filter(Json.Bool.TRUE::equals).isPresent();
    if (required && !nullable) {
      property.flag("required", true);
    }
    if (required && nullable) {
      List<Json> custom = new ArrayList<>(Odcs.items(written.json(), Odcs.CUSTOM));
      custom.add(Odcs.custom(Odcs.PRESENCE, new Json.Str("required")));
      written.list(Odcs.CUSTOM, custom);
      only(at, "a member that must be there and may be null");
    }
    return property.others(written.json()).json();
  }

  /** A schema that the standard has no words for at all. */
  private JsonMembers unsaid(Json schema, At at) {
    Json kept = schema;
    if (schema instanceof Json.Obj object) {
      Map<String, Json> rest = new LinkedHashMap<>(object.members());
      rest.keySet().removeAll(ELSEWHERE);
      kept = new Json.Obj(rest);
    }
    refers |= kept.toString().contains("\"$ref\"");
    only(at, "the schema " + shortened(kept.toString()));
    return new JsonMembers().list(Odcs.CUSTOM, List.of(Odcs.custom(Odcs.JSON_SCHEMA, kept)));
  }

  private static String shortened(String text) {
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }

  private JsonMembers element(Json schema, At at, boolean options) {
    elements++;
    if (!(schema instanceof Json.Obj object)) {
      return unsaid(schema, at);
    }
    Optional<JsonMembers> target = followed(object, at, options);
    if (target.isPresent()) {
      return target.get();
    }
    Map<String, Json> rest = new LinkedHashMap<>(object.members());
    rest.keySet().removeAll(ELSEWHERE);
    JsonMembers element = new JsonMembers();
    LeftKeywords.move(rest, "title", element, "businessName");
    LeftKeywords.move(rest, "description", element, "description");
    if (options && rest.get("examples") instanceof Json.Arr examples) {
      rest.remove("examples");
      element.put("examples", examples);
    }
    List<Json> custom = new ArrayList<>();
    Json.Obj kept = rest.remove(Odcs.KEPT) instanceof Json.Obj it ? it : new Json.Obj(Map.of());
    Optional<String> type = LeftKeywords.type(rest, custom);
    type.ifPresent(name -> typed(name, rest, element, at, options, kept));
    List<Json> checks = new ArrayList<>();
    if (type.isPresent()) {
      LeftKeywords.values(rest).ifPresent(checks::add);
    }
    checks.addAll(Odcs.items(kept, Odcs.QUALITY));
    element.list(Odcs.QUALITY, checks);
    if (!rest.isEmpty()) {
      Json.Obj unsaid = new Json.Obj(rest);
      refers |= unsaid.toString().contains("\"$ref\"");
      custom.add(Odcs.custom(Odcs.JSON_SCHEMA, unsaid));
      only(at, String.join(", ", rest.keySet()));
    }
    custom.addAll(Odcs.items(kept, Odcs.CUSTOM));
    return element.list(Odcs.CUSTOM, custom).others(kept);
  }

  /** The schema that a reference leads to, unless it leads round in a circle. */
  private Optional<JsonMembers> followed(Json.Obj object, At at, boolean options) {
    Optional<String> reference = object.text("$ref");
    if (reference.isEmpty() || !REMARKS.containsAll(object.members().keySet())) {
      return outside(object, at);
    }
    Optional<LocalReferences.Target> target = references.find(reference.get(), at.document());
    String place = target.map(t -> t.document() + "#" + t.pointer()).orElse("");
    boolean far = elements > MOST_ELEMENTS || open.size() >= MOST_REFERENCES_IN_A_ROW;
    if (target.isEmpty() || far || !open.add(place)) {
      return outside(object, at);
    }
    LocalReferences.Target found = target.get();
    JsonMembers element =
        element(found.schema(), new At(found.document(), found.pointer()), options);
    open.remove(place);
    JsonMembers own = new JsonMembers();
    object.text("title").ifPresent(text -> own.text("businessName", text));
    object.text("description").ifPresent(text -> own.text("description", text));
    return Optional.of(own.others(element.json()));
  }

  /** A reference that stays must lead into the contract's own schema. */
  private Optional<JsonMembers> outside(Json.Obj object, At at) {
    boolean kept = object.toString().contains("\"$ref\"");
    boolean foreign = object.text("$ref").filter(ref -> !ref.startsWith("#")).isPresent();
    if (kept && (foreign || (!at.document().isEmpty() && object.get("$ref").isPresent()))) {
      findings.add(
          Finding.error(
              "odcs/reference",
              at.place(),
              "the reference %s cannot be followed here, and ODCS has no references"
                  .formatted(object.get("$ref").orElseThrow()),
              "move what it refers to into the contract's own $defs"));
    }
    return Optional.empty();
  }

  private void typed(
      String type,
      Map<String, Json> rest,
      JsonMembers element,
      At at,
      boolean optionsAllowed,
      Json.Obj kept) {
    JsonMembers options = new JsonMembers();
    Optional<String> temporal =
        type.equals("string") && rest.get("format") instanceof Json.Str(String format)
            ? Optional.ofNullable(TEMPORAL.get(format))
            : Optional.empty();
    temporal.ifPresent(_ -> rest.remove("format"));
    element.text("logicalType", kept.text("logicalType").or(() -> temporal).orElse(type));
    switch (type) {
      case "string" -> {
        if (temporal.isEmpty()) {
          LeftKeywords.options(
              rest, options, List.of("minLength", "maxLength", "pattern", "format"));
        }
      }
      case "integer", "number" -> {
        // In draft 4 the exclusive bounds are flags, which mean nothing alone.
        boolean flags =
            rest.get("exclusiveMinimum") instanceof Json.Bool
                || rest.get("exclusiveMaximum") instanceof Json.Bool;
        LeftKeywords.options(rest, options, flags ? List.of("multipleOf") : NUMBER_OPTIONS);
      }
      case "object" -> object(rest, element, options, at, optionsAllowed);
      case "array" -> {
        if (rest.get("items") instanceof Json.Obj items && !rest.containsKey("prefixItems")) {
          rest.remove("items");
          element.put("items", element(items, at.child("items"), true).json());
        }
        LeftKeywords.options(rest, options, List.of("minItems", "maxItems", "uniqueItems"));
      }
      default -> {}
    }
    if (!optionsAllowed) {
      // Back among the keywords that only Troth reads.
      options.json().members().forEach(rest::put);
      return;
    }
    options.others(Odcs.object(kept, Odcs.OPTIONS));
    if (!options.isEmpty()) {
      element.put(Odcs.OPTIONS, options.json());
    }
  }

  private void object(
      Map<String, Json> rest, JsonMembers element, JsonMembers options, At at, boolean nested) {
    List<String> required = LeftKeywords.texts(rest.remove("required"));
    if (rest.remove("properties") instanceof Json.Obj(Map<String, Json> properties)) {
      List<Json> written = new ArrayList<>();
      properties.forEach((name, schema) ->
          written.add(
              property(name, schema, required.contains(name), at.child("properties", name))));
      element.list("properties", written);
      required.removeAll(properties.keySet());
    }
    if (!required.isEmpty()) {
      List<Json> names = required.stream().map(name -> (Json) new Json.Str(name)).toList();
      if (nested) {
        options.list("required", names);
      } else {
        rest.put("required", new Json.Arr(names));
      }
    }
    LeftKeywords.options(rest, options, List.of("minProperties", "maxProperties"));
  }

  private void only(At at, String what) {
    findings.add(
        Finding.warning(
            "odcs/keyword",
            at.place(),
            "ODCS has no words for %s: kept in customProperties, which other tools do not read"
                .formatted(what),
            "nothing, if only Troth needs it; else write a quality rule that they check"));
  }
}
