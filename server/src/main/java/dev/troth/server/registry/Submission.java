package dev.troth.server.registry;

import dev.troth.json.JsonException;
import dev.troth.json.JsonReader;
import dev.troth.json.JsonWriter;
import dev.troth.server.http.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A schema as a client sends it.
 *
 * @param text as it came; it is given out again unchanged
 * @param references other schemas that it refers to by name
 * @param metadata JSON text, empty for none; passed through, and a contract beside its schema
 * @param ruleSet JSON text, empty for none; passed through
 */
record Submission(
    Kind kind, String text, List<Reference> references, String metadata, String ruleSet) {
  /** The property of metadata that holds a contract's bundle. */
  static final String CONTRACT = "troth.contract";

  Submission {
    references = List.copyOf(references);
  }

  /** The languages of schemas, by the names that clients use. */
  enum Kind {
    AVRO,
    JSON
  }

  /** A schema registered elsewhere, under the name by which {@code $ref} finds it. */
  record Reference(String name, String subject, int version) {}

  /** Reads the body of a request. */
  static Submission of(byte[] body) {
    JsonNode node;
    try {
      node = Json.mapper().readTree(body);
    } catch (JacksonException e) {
      throw RegistryException.invalidSchema(Json.explain(e));
    }
    JsonNode text = node.path("schema");
    if (!text.isString() || text.asString().isBlank()) {
      throw RegistryException.invalidSchema("schema is missing, expected a text");
    }
    if (node.path("id").asInt(-1) >= 0) {
      throw RegistryException.notSupported(
          "Subject is not in import mode: ids are given by the registry");
    }
    List<Reference> references = new ArrayList<>();
    for (JsonNode reference : node.path("references")) {
      references.add(
          new Reference(
              reference.path("name").asString(""),
              reference.path("subject").asString(""),
              reference.path("version").asInt(-1)));
    }
    return new Submission(
        kind(node.path("schemaType").asString("AVRO")),
        text.asString(),
        references,
        part(node, "metadata"),
        part(node, "ruleSet"));
  }

  private static Kind kind(String name) {
    return switch (name) {
      case "AVRO", "" -> Kind.AVRO;
      case "JSON" -> Kind.JSON;
      default ->
          throw RegistryException.invalidSchema(
              "schemaType is '%s', expected AVRO or JSON".formatted(name));
    };
  }

  private static String part(JsonNode node, String name) {
    JsonNode part = node.path(name);
    return part.isObject() && !part.isEmpty() ? Json.mapper().writeValueAsString(part) : "";
  }

  /** The bundle of the contract that the schema belongs to. */
  Optional<String> contract() {
    if (metadata.isEmpty()) {
      return Optional.empty();
    }
    JsonNode bundle = Json.mapper().readTree(metadata).path("properties").path(CONTRACT);
    return bundle.isString() ? Optional.of(bundle.asString()) : Optional.empty();
  }

  /** Whether it is nothing but a schema, as serializers send it. */
  boolean isPlain() {
    return metadata.isEmpty() && ruleSet.isEmpty();
  }

  /** The same for the same schema with the same things beside it. */
  String fingerprint() {
    return sha256(String.join("\n", content(), metadata, ruleSet));
  }

  /** The same for the same schema, however it is spaced. */
  String content() {
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
  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    if (kind != Kind.AVRO) {
      document.put("schemaType", kind.name());
    }
    if (!references.isEmpty()) {
      document.put("references", references);
    }
    if (!metadata.isEmpty()) {
      document.put("metadata", Json.mapper().readTree(metadata));
    }
    if (!ruleSet.isEmpty()) {
      document.put("ruleSet", Json.mapper().readTree(ruleSet));
    }
    document.put("schema", text);
    return document;
  }
}
