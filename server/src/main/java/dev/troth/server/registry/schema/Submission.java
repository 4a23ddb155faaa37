package dev.troth.server.registry.schema;

import dev.troth.json.Json;
import dev.troth.json.JsonException;
import dev.troth.json.JsonReader;
import dev.troth.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A schema as a client sends it.
 *
 * @param text as it came; it is given out again unchanged
 * @param references other schemas that it refers to by name
 * @param metadata JSON text, empty for none; passed through, and a contract beside its schema
 * @param ruleSet JSON text, empty for none; passed through
 */
public record Submission(
    Kind kind, String text, List<Reference> references, String metadata, String ruleSet) {
  /** The property of metadata that holds a contract's bundle. */
  public static final String CONTRACT = "troth.contract";

  private static final int LONGEST_NAME = 500;

  public Submission {
    references = List.copyOf(references);
  }

  /** The languages of schemas, by the names that clients use. */
  public enum Kind {
    AVRO,
    JSON
  }

  /** A schema registered elsewhere, under the name by which {@code $ref} finds it. */
  public record Reference(String name, String subject, int version) {}

  /** Reads the body of a request. */
  public static Submission of(byte[] body) {
    JsonNode node;
    try {
      node = mapper().readTree(body);
    } catch (StreamConstraintsException e) {
      if (e.getOriginalMessage().startsWith("String value length")) {
        throw RegistryException.tooLarge(dev.troth.server.http.Json.LONGEST_TEXT);
      }
      throw RegistryException.invalidSchema(dev.troth.server.http.Json.explain(e));
    } catch (JacksonException e) {
      throw RegistryException.invalidSchema(dev.troth.server.http.Json.explain(e));
    }
    JsonNode text = node.path("schema");
    if (!text.isString() || text.asString().isBlank()) {
      throw RegistryException.invalidSchema("schema is missing, expected a text");
    }
    return new Submission(
        kind(node.path("schemaType").asString("AVRO")),
        text.asString(),
        references(node.path("references")),
        part(node, "metadata"),
        RuleSets.checked(part(node, "ruleSet")));
  }

  private static List<Reference> references(JsonNode given) {
    List<Reference> references = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonNode one : given) {
      Reference reference =
          new Reference(
              one.path("name").asString(""),
              one.path("subject").asString(""),
              one.path("version").asInt(-1));
      if (reference.name().isEmpty() || reference.subject().isEmpty()) {
        throw RegistryException.invalidSchema(
            "a reference is %s, expected name, subject and version".formatted(one));
      }
      if (reference.name().length() > LONGEST_NAME
          || reference.name().chars().anyMatch(Character::isISOControl)) {
        throw RegistryException.invalidSchema(
            "the name of a reference has %d characters, expected at most %d without controls"
                .formatted(reference.name().length(), LONGEST_NAME));
      }
      if (!names.add(reference.name())) {
        throw RegistryException.invalidSchema(
            "the reference '%s' is named twice".formatted(reference.name()));
      }
      references.add(reference);
    }
    return references;
  }

  private static Kind kind(String name) {
    return switch (name) {
      case "AVRO", "" -> Kind.AVRO;
      case "JSON" -> Kind.JSON;
      case "PROTOBUF" ->
          throw RegistryException.invalidSchema(
              "Protobuf is not supported, expected AVRO or JSON as schemaType");
      default ->
          throw RegistryException.invalidSchema(
              "schemaType is '%s', expected AVRO or JSON".formatted(name));
    };
  }

  private static JsonMapper mapper() {
    return dev.troth.server.http.Json.mapper();
  }

  private static String part(JsonNode node, String name) {
    JsonNode part = node.path(name);
    return part.isObject() && !part.isEmpty() ? mapper().writeValueAsString(part) : "";
  }

  /** The bundle of the contract that the schema belongs to. */
  public Optional<String> contract() {
    return property(CONTRACT);
  }

  /** Whether it is nothing but a schema, as serializers send it. */
  public boolean isPlain() {
    return metadata.isEmpty() && ruleSet.isEmpty();
  }

  /** The same schema in a form of its own, whatever the order of its members. */
  public Submission normalized() {
    try {
      Json given = JsonReader.read(text);
      return new Submission(kind, JsonWriter.compact(sorted(given)), references, metadata, ruleSet);
    } catch (JsonException e) {
      return this; // it is refused where it is read
    }
  }

  public Submission referringTo(List<Reference> others) {
    return new Submission(kind, text, others, metadata, ruleSet);
  }

  private static Json sorted(Json value) {
    return switch (value) {
      case Json.Obj object -> {
        Map<String, Json> members = new TreeMap<>();
        object.members().forEach((name, member) -> members.put(name, sorted(member)));
        yield new Json.Obj(members);
      }
      case Json.Arr array -> new Json.Arr(array.items().stream().map(Submission::sorted).toList());
      case Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> value;
    };
  }

  /** The value of a property of metadata. */
  public Optional<String> property(String name) {
    if (metadata.isEmpty()) {
      return Optional.empty();
    }
    JsonNode value = mapper().readTree(metadata).path("properties").path(name);
    return value.isString() ? Optional.of(value.asString()) : Optional.empty();
  }

  /** The same for the same schema with the same things beside it. */
  public String fingerprint() {
    return fingerprint(content());
  }

  String fingerprint(String content) {
    return sha256(String.join("\n", content, metadata, ruleSet));
  }

  /** The same for the same schema in every registry: the fingerprint's beginning as a UUID. */
  public String guid() {
    return guid(fingerprint());
  }

  static String guid(String hex) {
    return String.join(
        "-",
        hex.substring(0, 8),
        hex.substring(8, 12),
        hex.substring(12, 16),
        hex.substring(16, 20),
        hex.substring(20, 32));
  }

  /** The same for the same schema, however it is spaced. */
  public String content() {
    String spaced;
    try {
      // Numbers stay as exact as they were written.
      spaced = JsonWriter.compact(JsonReader.read(text));
    } catch (JsonException e) {
      spaced = text;
    }
    return sha256(String.join("\n", kind.name(), spaced, references.toString()));
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** As clients see it: Avro is not named, because it is what they take for granted. */
  public Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    if (kind != Kind.AVRO) {
      document.put("schemaType", kind.name());
    }
    if (!references.isEmpty()) {
      document.put("references", references);
    }
    if (!metadata.isEmpty()) {
      document.put("metadata", mapper().readTree(metadata));
    }
    if (!ruleSet.isEmpty()) {
      document.put("ruleSet", mapper().readTree(ruleSet));
    }
    document.put("schema", text);
    return document;
  }
}
