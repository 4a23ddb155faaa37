package dev.troth.contracts.exchange;

import dev.troth.contracts.Finding;
import dev.troth.json.Json;
import dev.troth.json.JsonMembers;
import dev.troth.json.JsonPointer;
import dev.troth.json.file.SourceFile;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Schemas of OpenAPI as JSON Schema 2020-12. Those of 3.1 are that already, but for their
 * references; those of 3.0 are a dialect of their own (OpenAPI 3.0.3, "Schema Object").
 */
final class OpenApiSchemas {
  private static final Set<String> SCHEMA =
      Set.of(
          "not",
          "items",
          "additionalProperties",
          "if",
          "then",
          "else",
          "contains",
          "propertyNames",
          "unevaluatedProperties",
          "unevaluatedItems",
          "contentSchema");
  private static final Set<String> LIST_OF_SCHEMAS =
      Set.of("allOf", "anyOf", "oneOf", "prefixItems");
  private static final Set<String> MAP_OF_SCHEMAS =
      Set.of("properties", "patternProperties", "dependentSchemas", "$defs");

  /** What may stand beside {@code $ref} without being lost. */
  private static final Set<String> REMARKS =
      Set.of("$ref", "description", "title", "summary", "example", "deprecated");

  private final SourceFile source;
  private final List<Finding> findings;
  private final boolean old;
  private final String lifted;

  /** Names of definitions by the pointer that they come from. */
  private final Map<String, String> names = new LinkedHashMap<>();

  private final Deque<String> pending = new ArrayDeque<>();

  /**
   * For one document.
   *
   * @param old whether it is of OpenAPI 3.0
   * @param lifted {@code readOnly} in requests, {@code writeOnly} in answers: in 3.0 a property
   *     that is so marked is not required there; else empty
   */
  OpenApiSchemas(SourceFile source, List<Finding> findings, boolean old, String lifted) {
    this.source = source;
    this.findings = findings;
    this.old = old;
    this.lifted = lifted;
  }

  /** A schema with all that it refers to. */
  Json.Obj withDefinitions(String pointer) {
    Json root = schema(JsonPointer.find(source.json(), pointer).orElse(Json.Bool.TRUE), pointer);
    Map<String, Json> definitions = new LinkedHashMap<>();
    while (!pending.isEmpty()) {
      String next = pending.remove();
      Json target = JsonPointer.find(source.json(), next).orElse(Json.Bool.TRUE);
      Json definition = next.equals(pointer) ? root : schema(target, next);
      definitions.put(names.getOrDefault(next, next), definition);
    }
    JsonMembers whole = new JsonMembers();
    String self = names.get(pointer);
    if (self != null) {
      whole.text("$ref", "#/$defs/" + self);
    } else if (root instanceof Json.Obj object) {
      whole.others(object);
    } else {
      whole.list("allOf", List.of(root));
    }
    if (!definitions.isEmpty()) {
      whole.put("$defs", new Json.Obj(definitions));
    }
    return whole.json();
  }

  private Json schema(Json json, String at) {
    if (!(json instanceof Json.Obj object)) {
      return json;
    }
    Map<String, Json> members = new LinkedHashMap<>();
    object
        .members()
        .forEach((name, value) -> members.put(name, member(name, value, at + "/" + name)));
    if (object.text("$ref").isPresent()) {
      reference(members, object.text("$ref").get(), at);
    } else if (old) {
      dialect(members, at);
    } else if (members.containsKey("nullable")) {
      warn(
          at + "/nullable", "nullable means nothing since OpenAPI 3.1", "write type: [.., 'null']");
    }
    common(members, at);
    return new Json.Obj(members);
  }

  private Json member(String name, Json value, String at) {
    if (SCHEMA.contains(name)) {
      return schema(value, at);
    }
    if (LIST_OF_SCHEMAS.contains(name) && value instanceof Json.Arr(List<Json> schemas)) {
      List<Json> items = new ArrayList<>();
      for (Json item : schemas) {
        items.add(schema(item, JsonPointer.child(at, items.size())));
      }
      return new Json.Arr(items);
    }
    if (MAP_OF_SCHEMAS.contains(name) && value instanceof Json.Obj(Map<String, Json> schemas)) {
      Map<String, Json> members = new LinkedHashMap<>();
      schemas.forEach(
          (key, schema) -> members.put(key, schema(schema, JsonPointer.child(at, key))));
      return new Json.Obj(members);
    }
    return value;
  }

  /** Leads a reference to where its target will be. */
  private void reference(Map<String, Json> members, String reference, String at) {
    if (old && !REMARKS.containsAll(members.keySet())) {
      List<String> lost = members.keySet().stream().filter(k -> !REMARKS.contains(k)).toList();
      warn(
          at,
          "OpenAPI 3.0 ignores %s beside $ref, and so does the contract".formatted(lost),
          "use allOf");
      members.keySet().removeAll(lost);
    }
    Optional<String> target = target(reference);
    if (target.isEmpty()) {
      findings.add(
          Finding.error(
              "openapi/reference",
              source.place(at + "/$ref"),
              "the reference '%s' leads out of the document or nowhere".formatted(reference),
              "bundle the document into one file first"));
      return;
    }
    members.put("$ref", new Json.Str("#/$defs/" + definition(target.get())));
  }

  private Optional<String> target(String reference) {
    if (!reference.startsWith("#/")) {
      return Optional.empty();
    }
    try {
      String pointer =
          URLDecoder.decode(reference.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
      return Optional.of(pointer).filter(it -> JsonPointer.find(source.json(), it).isPresent());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private String definition(String pointer) {
    String known = names.get(pointer);
    if (known != null) {
      return known;
    }
    String plain = pointer.replaceFirst("^/components/schemas/", "");
    String name = plain.replaceAll("[^A-Za-z0-9_.-]+", "_").replaceFirst("^_", "");
    String free = name;
    for (int i = 2; names.containsValue(free); i++) {
      free = name + "_" + i;
    }
    names.put(pointer, free);
    pending.add(pointer);
    return free;
  }

  /** What 3.0 writes otherwise than JSON Schema. */
  private void dialect(Map<String, Json> members, String at) {
    lift(members);
    bound(members, "minimum", "exclusiveMinimum");
    bound(members, "maximum", "exclusiveMaximum");
    if (Json.Bool.TRUE.equals(members.remove("nullable"))) {
      if (members.get("type") instanceof Json.Str type) {
        members.put("type", new Json.Arr(List.of(type, new Json.Str("null"))));
        if (members.get("enum") instanceof Json.Arr(List<Json> values)
            && !values.contains(Json.Null.NULL)) {
          warn(
              at + "/nullable",
              "null is allowed, but not among the values of enum",
              "add null to enum");
        }
      } else {
        warn(at + "/nullable", "nullable without type has no effect", "write the type beside it");
      }
    }
  }

  /** Takes the properties out of {@code required} that are not sent in this direction. */
  private void lift(Map<String, Json> members) {
    if (lifted.isEmpty()
        || !(members.get("required") instanceof Json.Arr(List<Json> required))
        || !(members.get("properties") instanceof Json.Obj properties)) {
      return;
    }
    List<Json> left =
        required.stream()
            .filter(name ->
                !(name instanceof Json.Str(String text)
                    && properties.get(text).filter(this::isLifted).isPresent()))
            .toList();
    members.put("required", new Json.Arr(left));
    if (left.isEmpty()) {
      members.remove("required");
    }
  }

  private boolean isLifted(Json property) {
    return property instanceof Json.Obj object
        && object.get(lifted).filter(Json.Bool.TRUE::equals).isPresent();
  }

  private static void bound(Map<String, Json> members, String bound, String exclusive) {
    Json flag = members.get(exclusive);
    if (flag instanceof Json.Bool) {
      members.remove(exclusive);
      if (flag == Json.Bool.TRUE && members.get(bound) instanceof Json.Num limit) {
        members.remove(bound);
        members.put(exclusive, limit);
      }
    }
  }

  /** What both versions write beside JSON Schema. */
  private void common(Map<String, Json> members, String at) {
    Json example = members.remove("example");
    if (example != null && !(members.get("examples") instanceof Json.Arr)) {
      members.put("examples", new Json.Arr(List.of(example)));
    }
    if (members.get("format") instanceof Json.Str(String format)) {
      switch (format) {
        case "int32" -> range(members, Integer.MIN_VALUE, Integer.MAX_VALUE);
        case "int64" -> range(members, Long.MIN_VALUE, Long.MAX_VALUE);
        case "byte" -> {
          members.remove("format");
          members.put("contentEncoding", new Json.Str("base64"));
        }
        default -> {}
      }
    }
    if (members.containsKey("discriminator")) {
      warn(
          at + "/discriminator",
          "the discriminator is not checked; the branches of oneOf and anyOf decide",
          "give the property a const in each branch");
    }
    members.keySet().removeAll(Set.of("xml", "externalDocs"));
  }

  private static void range(Map<String, Json> members, long least, long most) {
    if (!members.containsKey("exclusiveMinimum")) {
      members.putIfAbsent("minimum", new Json.Num(BigDecimal.valueOf(least)));
    }
    if (!members.containsKey("exclusiveMaximum")) {
      members.putIfAbsent("maximum", new Json.Num(BigDecimal.valueOf(most)));
    }
    members.remove("format");
  }

  private void warn(String at, String message, String cure) {
    findings.add(Finding.warning("openapi/schema", source.place(at), message, cure));
  }
}
