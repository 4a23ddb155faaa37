package dev.troth.contracts;

import dev.troth.cel.Program;
import dev.troth.contracts.schema.Documents;
import dev.troth.contracts.schema.Draft;
import dev.troth.contracts.schema.Schema;
import dev.troth.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A data contract: what messages look like, what must hold in them, and what their producer
 * promises.
 *
 * {@snippet :
 * Contract contract = Contract.load(Path.of("order_placed.json"));
 * Validator validator = contract.validator(); // once
 * Verdict verdict = validator.validate(message); // for each message
 * if (!verdict.valid()) {
 *   deadLetters.add(message, verdict.toString());
 * }
 * }
 *
 * @param name what it is about, such as {@code order_placed}
 * @param owner who answers for it
 * @param description what a message means
 * @param shape the schema of a message
 * @param rules what must hold in every message beyond its shape
 * @param examples messages that keep the contract
 * @param source what it was read from
 */
public record Contract(
    String name,
    Version version,
    String owner,
    Optional<String> description,
    Shape shape,
    List<Rule> rules,
    Sla sla,
    List<Json> examples,
    Source source) {
  public Contract {
    rules = List.copyOf(rules);
    examples = List.copyOf(examples);
  }

  /**
   * The contract as written.
   *
   * @param documents further schema documents that it refers to, by URI or by name beside the
   *     contract
   */
  public record Source(Json.Obj json, Map<String, Json> documents) {
    public Source {
      documents = Map.copyOf(documents);
    }
  }

  /** The contract as written. */
  public Json.Obj json() {
    return source.json();
  }

  /** Further schema documents that it refers to, by URI or by name beside the contract. */
  public Map<String, Json> documents() {
    return source.documents();
  }

  /** The same contract under another name and version, such as a registry gives it. */
  public Contract as(String otherName, Version otherVersion) {
    Map<String, Json> members = new LinkedHashMap<>(json().members());
    members.put("contract", new Json.Str(otherName));
    members.put("version", new Json.Str(otherVersion.toString()));
    return new Contract(
        otherName,
        otherVersion,
        owner,
        description,
        shape,
        rules,
        sla,
        examples,
        new Source(new Json.Obj(members), documents()));
  }

  /** The same contract with another shape. */
  public Contract with(Shape otherShape) {
    return new Contract(
        name, version, owner, description, otherShape, rules, sla, examples, source);
  }

  /** The schema of a message, in one of two languages. */
  public sealed interface Shape {
    /** JSON Schema. */
    record JsonSchema(Schema schema) implements Shape {}

    /** An Avro schema as its own JSON. */
    record Avro(Json schema) implements Shape {}
  }

  /**
   * Something that must hold in every message.
   *
   * @param severity whether a message that breaks it is refused
   */
  public record Rule(String id, String description, Program check, Finding.Severity severity) {}

  /**
   * Reads a contract from JSON, or from YAML if snakeyaml-engine is on the class path; also from a
   * bare JSON Schema or {@code .avsc}, see {@link ContractFile}. References may lead to files in
   * the same folder or below it, and nowhere else.
   *
   * @throws ContractException if the contract is wrong
   * @throws IOException if the file cannot be read
   */
  public static Contract load(Path file) throws IOException {
    return load(file, Documents.NONE);
  }

  /** The same with further documents that references may lead to. */
  public static Contract load(Path file, Documents remotes) throws IOException {
    return ContractFile.read(file, remotes).contract();
  }

  /** Reads a contract from the JSON that {@link #bundle()} writes. */
  public static Contract read(byte[] bundle) {
    return ContractFile.of("bundle.contract.json", bundle, "troth:/contract.json", Documents.NONE)
        .contract();
  }

  /** Everything wrong with a contract file; none if it can be used. */
  public static List<Finding> lint(Path file, Documents remotes) throws IOException {
    try {
      return ContractFile.read(file, remotes).lint();
    } catch (ContractException e) {
      return e.findings();
    }
  }

  /** A validator that is compiled to bytecode: worth it from some thousand messages on. */
  public Validator validator() {
    return Validator.compiled(this);
  }

  /** A validator that is ready at once and slower with each message. */
  public Validator inspector() {
    return Validator.interpreted(this);
  }

  /** The JSON Schema of a message, unless it is described in Avro. */
  public Optional<Schema> schema() {
    return shape instanceof Shape.JsonSchema(Schema schema)
        ? Optional.of(schema)
        : Optional.empty();
  }

  /** The schema as one document, with all that it refers to. */
  public Json wholeSchema() {
    if (shape instanceof Shape.Avro(Json avro)) {
      return avro;
    }
    Json schema = json().get("schema").orElseThrow();
    if (documents().isEmpty() || !(schema instanceof Json.Obj object)) {
      return schema;
    }
    Draft draft = schema().orElseThrow().dialect().draft();
    String container = draft.atLeast(Draft.DRAFT_2019_09) ? "$defs" : "definitions";
    Map<String, Json> inside = new LinkedHashMap<>();
    if (object.get(container).orElse(null) instanceof Json.Obj own) {
      inside.putAll(own.members());
    }
    String id = draft == Draft.DRAFT_4 ? "id" : "$id";
    documents()
        .forEach((name, document) -> {
          // A document is found by its URI, wherever it stands.
          Map<String, Json> members = new LinkedHashMap<>();
          members.put(id, new Json.Str(name));
          if (document instanceof Json.Obj described) {
            members.putAll(described.members());
          } else {
            members.put("allOf", new Json.Arr(List.of(document)));
          }
          inside.putIfAbsent(name, new Json.Obj(members));
        });
    Map<String, Json> members = new LinkedHashMap<>(object.members());
    members.put(container, new Json.Obj(inside));
    return new Json.Obj(members);
  }

  /** The contract as one JSON document, with all that it refers to. */
  public Json bundle() {
    if (documents().isEmpty()) {
      return json();
    }
    Map<String, Json> members = new LinkedHashMap<>(json().members());
    members.put("documents", new Json.Obj(documents()));
    return new Json.Obj(members);
  }
}
