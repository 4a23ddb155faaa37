package dev.troth.server.registry.schema;

import dev.troth.contracts.Contract;
import dev.troth.contracts.ContractException;
import dev.troth.contracts.ContractFile;
import dev.troth.contracts.Version;
import dev.troth.contracts.avro.AvroReferences;
import dev.troth.contracts.schema.Documents;
import dev.troth.json.Json;
import dev.troth.json.JsonException;
import dev.troth.json.JsonReader;
import dev.troth.json.JsonWriter;
import dev.troth.server.registry.schema.Submission.Kind;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A schema as a contract. Its shape is the schema's; name, version, rules and promises are those of
 * the contract beside it, if there is one.
 *
 * @param versioned whether a contract says the version
 */
public record StoredContract(Contract contract, boolean versioned) {
  private static final String BASE = "troth:/registry/";

  /** What the name of a contract holds at most; subjects may be longer. */
  private static final int LONGEST_NAME = 128;

  /**
   * Reads a schema.
   *
   * @param documents what it refers to, by the name of the reference
   * @throws RegistryException if it cannot be used
   */
  public static StoredContract of(String subject, Submission schema, Map<String, Json> documents) {
    try {
      Contract bare = bare(subject, schema, documents);
      Optional<Contract> beside =
          schema.contract().map(text -> Contract.read(text.getBytes(StandardCharsets.UTF_8)));
      return beside
          .map(contract -> new StoredContract(contract.with(bare.shape()), true))
          .orElseGet(() -> new StoredContract(bare, false));
    } catch (ContractException e) {
      throw RegistryException.invalidSchema(e.findings().getFirst().message());
    } catch (IllegalArgumentException e) {
      throw RegistryException.invalidSchema(String.valueOf(e.getMessage()));
    } catch (JsonException e) {
      throw RegistryException.invalidSchema("it is not JSON: " + e.getMessage());
    }
  }

  private static Contract bare(String subject, Submission schema, Map<String, Json> documents) {
    Documents known = uri -> Optional.ofNullable(documents.get(name(uri)));
    byte[] bytes = schema.text().getBytes(StandardCharsets.UTF_8);
    if (schema.kind() == Kind.AVRO) {
      if (!documents.isEmpty()) {
        Json whole =
            AvroReferences.inlined(JsonReader.read(bytes), List.copyOf(documents.values()));
        bytes = JsonWriter.bytes(whole);
      }
      return ContractFile.of("schema.avsc", bytes, BASE + "schema.avsc", known).contract();
    }
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("contract", new Json.Str(contractName(subject)));
    members.put("version", new Json.Str("1.0.0"));
    members.put("owner", new Json.Str("unknown"));
    members.put("schema", JsonReader.read(bytes));
    return ContractFile.of(
            "schema.contract.json",
            JsonWriter.bytes(new Json.Obj(members)),
            BASE + "schema.json",
            known)
        .contract();
  }

  /** A name that a contract may have; it is compared under its subject's name. */
  private static String contractName(String subject) {
    String name = subject.replaceAll("[^A-Za-z0-9_.-]", "_").replaceFirst("^[.-]", "_");
    return name.substring(0, Math.min(name.length(), LONGEST_NAME));
  }

  private static String name(String uri) {
    return uri.startsWith(BASE) ? uri.substring(BASE.length()) : uri;
  }

  /** Whether it is nothing but a schema. */
  public boolean isPlain() {
    return !versioned;
  }

  /** The contract under the name and version that it is compared by. */
  public Contract as(String name, Version version) {
    return contract.as(name, version);
  }
}
