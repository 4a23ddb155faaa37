package dev.troth.contracts;

import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import dev.troth.json.file.SourceFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JSON Schema or an Avro schema without a contract around it. Its name is the last part of {@code
 * $id}, else of the file. An end such as {@code _v2} or {@code -1.4.0} is its version, and so is a
 * member {@code version}.
 */
record BareSchema(SourceFile source, boolean avro) {
  /** What stands for the owner, whom a schema does not name. */
  static final String NO_OWNER = "unknown";

  private static final List<String> SCHEMA_KEYS =
      List.of(
          "$schema",
          "$id",
          "id",
          "$ref",
          "$defs",
          "definitions",
          "type",
          "properties",
          "items",
          "allOf",
          "anyOf",
          "oneOf",
          "not",
          "enum",
          "const",
          "if",
          "required");
  private static final List<String> AVRO_TYPES = List.of("record", "enum", "fixed", "map");
  private static final Pattern FILE_TYPE =
      Pattern.compile("(?i)(\\.schema)?\\.(json|ya?ml|avsc|jsonschema)$|\\.schema$");
  private static final Pattern VERSIONED =
      Pattern.compile(
          "(?:(?<name>.*[^-_.@])[-_.@])?"
              + "(?:[vV](?<major>\\d{1,4})|[vV]?(?<whole>\\d{1,9}\\.\\d{1,9}\\.\\d{1,9}))");

  /** The schema in a file; none if the file means to be a contract. */
  static Optional<BareSchema> of(SourceFile source) {
    String name = source.name();
    if (name.endsWith(".avsc")) {
      return Optional.of(new BareSchema(source, true));
    }
    boolean meant = name.matches("(?s).*\\.contract\\.(ya?ml|json)");
    if (meant || !(source.json() instanceof Json.Obj object)) {
      return Optional.empty();
    }
    boolean contract =
        object.get("contract").isPresent()
            || (object.get("schema").isPresent()
                && (object.get("version").isPresent() || object.get("owner").isPresent()));
    return !contract && SCHEMA_KEYS.stream().anyMatch(key -> object.get(key).isPresent())
        ? Optional.of(new BareSchema(source, isAvro(object)))
        : Optional.empty();
  }

  /** Whether it is a type of Avro that JSON Schema does not have. */
  static boolean isAvro(Json.Obj schema) {
    return schema.text("type").filter(AVRO_TYPES::contains).isPresent();
  }

  /** Whether the file says its whole version. */
  boolean versioned() {
    return written().isPresent() || identity().version().isPresent();
  }

  /** The schema with a contract around it. */
  SourceFile asContract() {
    Identity identity = identity();
    Version version =
        written().or(identity::version).orElseGet(() -> new Version(identity.major(), 0, 0, ""));
    // An Avro schema that is no object, or looks like JSON Schema, is told apart by its file's
    // name.
    boolean inline = !avro || (source.json() instanceof Json.Obj object && isAvro(object));
    String file = lastOf(source.name(), "[/\\\\]");
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("contract", new Json.Str(identity.name()));
    members.put("version", new Json.Str(version.toString()));
    members.put("owner", new Json.Str(NO_OWNER));
    members.put(
        "schema", inline ? source.json() : new Json.Obj(Map.of("$ref", new Json.Str(file))));
    if (!avro
        && source.json() instanceof Json.Obj object
        && object.get("examples").orElse(null) instanceof Json.Arr examples) {
      members.put("examples", examples);
    }
    if (!inline) {
      members.put("documents", new Json.Obj(Map.of(file, source.json())));
    }
    String prefix = inline ? "/schema" : JsonPointer.child("/documents", file);
    Map<String, String> lines = new HashMap<>();
    source
        .lines()
        .forEach((pointer, place) -> {
          lines.put(prefix + pointer, place);
          if (pointer.isEmpty() || pointer.startsWith("/examples")) {
            lines.put(pointer, place);
          }
        });
    return new SourceFile(source.name(), new Json.Obj(members), lines);
  }

  /** The wrapped schema under another version. */
  static SourceFile withVersion(SourceFile wrapped, Version version) {
    Map<String, Json> members = new LinkedHashMap<>(((Json.Obj) wrapped.json()).members());
    members.put("version", new Json.Str(version.toString()));
    return new SourceFile(wrapped.name(), new Json.Obj(members), wrapped.lines());
  }

  private Optional<Version> written() {
    return source.json() instanceof Json.Obj object
        ? object
            .get("version")
            .filter(Json.Str.class::isInstance)
            .flatMap(text -> Version.parse(((Json.Str) text).value()))
        : Optional.empty();
  }

  private record Identity(String name, int major, Optional<Version> version) {}

  private Identity identity() {
    List<String> parts = new ArrayList<>(List.of(lastOf(source.name(), "[/\\\\]")));
    if (!avro && source.json() instanceof Json.Obj object) {
      id(object)
          .map(id -> Arrays.asList(id.replaceAll("[#?].*", "").split("[/:]")))
          .ifPresent(parts::addAll);
    }
    parts.replaceAll(part -> FILE_TYPE.matcher(part).replaceFirst(""));
    parts.removeIf(String::isBlank);
    int major = 1;
    Optional<Version> version = Optional.empty();
    String name = parts.isEmpty() ? "schema" : parts.getLast();
    Matcher versioned = VERSIONED.matcher(name);
    if (versioned.matches()) {
      String whole = versioned.group("whole");
      version = Optional.ofNullable(whole).flatMap(Version::parse);
      major = whole == null ? Integer.parseInt(versioned.group("major")) : major;
      String before = versioned.group("name");
      String folder = parts.size() > 1 ? parts.get(parts.size() - 2) : name;
      name = before == null ? folder : before;
    }
    String clean = name.replaceAll("[^A-Za-z0-9_.-]", "_").replaceFirst("^[.-]+", "");
    clean = clean.substring(0, Math.min(clean.length(), 128));
    return new Identity(clean.isEmpty() ? "schema" : clean, major, version);
  }

  private static Optional<String> id(Json.Obj object) {
    return text(object, "$id").or(() -> text(object, "id"));
  }

  private static Optional<String> text(Json.Obj object, String key) {
    return object.get(key).orElse(null) instanceof Json.Str(String value)
        ? Optional.of(value)
        : Optional.empty();
  }

  private static String lastOf(String path, String separator) {
    String[] parts = path.split(separator);
    return parts[parts.length - 1];
  }
}
