package dev.troth.contracts;

import dev.troth.cel.Program;
import dev.troth.cel.SyntaxException;
import dev.troth.contracts.avro.AvroProblem;
import dev.troth.contracts.schema.Documents;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.schema.SchemaException;
import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import dev.troth.json.file.Location;
import dev.troth.json.file.NearestName;
import dev.troth.json.file.SourceFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns the JSON of a contract into a {@link Contract} and finds everything wrong with it. */
final class ContractReader {
  private static final List<String> KEYS =
      List.of(
          "contract",
          "version",
          "owner",
          "description",
          "schema",
          "rules",
          "sla",
          "examples",
          "documents",
          "waivers",
          "tags");
  private static final List<String> RULE_KEYS = List.of("id", "description", "check", "severity");

  private final SourceFile source;
  private final String uri;
  private final Documents documents;
  private final Map<String, Json> used = new LinkedHashMap<>();
  private final List<Finding> findings = new ArrayList<>();

  ContractReader(SourceFile source, String uri, Documents documents) {
    this.source = source;
    this.uri = uri;
    this.documents = documents;
  }

  /** The contract; warnings do not count. */
  Contract contract() {
    Optional<Contract> contract = read();
    if (contract.isEmpty() || findings.stream().anyMatch(Finding::isError)) {
      throw new ContractException(findings.stream().filter(Finding::isError).toList());
    }
    return contract.get();
  }

  /** All findings, with those on a contract that can be read. */
  List<Finding> lint(boolean bare) {
    Optional<Contract> contract = read();
    if (contract.isPresent() && findings.stream().noneMatch(Finding::isError)) {
      findings.addAll(new ContractLint(contract.get(), source, bare).findings());
    }
    return findings;
  }

  private Optional<Contract> read() {
    if (!(source.json() instanceof Json.Obj object)) {
      error(
          "contract-syntax",
          "",
          "the contract is " + source.json().typeName() + ", expected an object",
          "begin with 'contract: name'");
      return Optional.empty();
    }
    unknownKeys(object, KEYS, "");
    Optional<String> name = text(object, "contract", "/contract", true);
    name.filter(n -> !n.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"))
        .ifPresent(n ->
            error(
                "contract-name",
                "/contract",
                "contract is '" + n + "', expected letters, digits, _ . -",
                "rename it, for example to order_placed"));
    Optional<Version> version = version(object);
    Optional<String> owner = text(object, "owner", "/owner", true);
    Optional<Contract.Shape> shape = shape(object);
    List<Contract.Rule> rules = rules(object);
    Sla sla = new SlaReader(source, findings).read(object);
    List<Json> examples = list(object, "examples");
    if (object.get("waivers").isPresent()) {
      findings.add(
          Finding.warning(
              "contract-waivers",
              source.place("/waivers"),
              "waivers in a contract have no effect",
              "write them in troth.yaml, see docs/compatibility.md"));
    }
    if (name.isEmpty() || version.isEmpty() || owner.isEmpty() || shape.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Contract(
            name.get(),
            version.get(),
            owner.get(),
            text(object, "description", "/description", false),
            shape.get(),
            rules,
            sla,
            examples,
            new Contract.Source(object, used)));
  }

  private Optional<Version> version(Json.Obj object) {
    Optional<String> text = text(object, "version", "/version", true);
    Optional<Version> version = text.flatMap(Version::parse);
    if (text.isPresent() && version.isEmpty()) {
      error(
          "contract-version",
          "/version",
          "version is '" + text.get() + "', expected MAJOR.MINOR.PATCH",
          "write a version such as 1.0.0, in quotes in YAML if it has two parts only");
    }
    return version;
  }

  private Optional<Contract.Shape> shape(Json.Obj object) {
    Optional<Json> schema = object.get("schema");
    if (schema.isEmpty()) {
      error(
          "contract-missing",
          "",
          "the contract has no schema",
          "add 'schema:' with a JSON Schema, or with $ref to a .json or .avsc file");
      return Optional.empty();
    }
    Documents all = this::find;
    Optional<String> ref =
        schema.get() instanceof Json.Obj inline ? inline.text("$ref") : Optional.empty();
    if (ref.isPresent() && ref.get().endsWith(".avsc")) {
      Optional<Json> avro = all.find(SchemaLoader.resolve(uri, ref.get()));
      if (avro.isEmpty()) {
        error(
            "schema-missing",
            "/schema/$ref",
            "there is no file " + ref.get(),
            "put the Avro schema beside the contract");
      }
      String file = ref.get();
      String embedded = JsonPointer.child("/documents", file);
      boolean here = JsonPointer.find(source.json(), embedded).isPresent();
      return avro.flatMap(json -> avro(json, here ? embedded : "/schema", here ? "" : file + " "));
    }
    if (schema.get() instanceof Json.Obj inline && BareSchema.isAvro(inline)) {
      return avro(inline, "/schema", "");
    }
    try {
      Schema loaded =
          new SchemaLoader(SchemaLoader.Options.DEFAULT.withDocuments(all)).load(schema.get(), uri);
      return Optional.of(new Contract.Shape.JsonSchema(loaded));
    } catch (SchemaException e) {
      for (SchemaException.Problem problem : e.problems()) {
        boolean here = problem.place().document().equals(uri);
        String at = "/schema" + (here ? problem.place().pointer() : "");
        error(
            "schema-invalid",
            at,
            (here ? "" : problem.place().document() + " ")
                + "at "
                + (problem.place().pointer().isEmpty() ? "the root" : problem.place().pointer())
                + ": "
                + problem.reason(),
            "mend the schema");
      }
      return Optional.empty();
    }
  }

  /**
   * Avro's own reader passes over a wrong default, and over logical types that it does not know.
   */
  private Optional<Contract.Shape> avro(Json schema, String at, String document) {
    boolean usable = true;
    for (AvroProblem problem : AvroProblem.of(schema)) {
      Location place = source.place(document.isEmpty() ? at + problem.pointer() : at);
      String message =
          document.isEmpty()
              ? problem.message()
              : document + "at " + problem.pointer() + ": " + problem.message();
      findings.add(
          problem.fatal()
              ? Finding.error("schema-invalid", place, message, problem.cure())
              : Finding.warning("avro-logical-type", place, message, problem.cure()));
      usable &= !problem.fatal();
    }
    return usable ? Optional.of(new Contract.Shape.Avro(schema)) : Optional.empty();
  }

  private Optional<Json> find(String wanted) {
    // Beside the contract, a document is known by its relative name, so that bundles may move.
    String folder = uri.substring(0, uri.lastIndexOf('/') + 1);
    String name = wanted.startsWith(folder) ? wanted.substring(folder.length()) : wanted;
    Optional<Json> embedded =
        source.json() instanceof Json.Obj object
                && object.get("documents").orElse(null) instanceof Json.Obj bundled
            ? bundled.get(name)
            : Optional.empty();
    Optional<Json> found = embedded.or(() -> documents.find(wanted));
    found.ifPresent(json -> used.put(name, json));
    return found;
  }

  private List<Contract.Rule> rules(Json.Obj object) {
    List<Contract.Rule> rules = new ArrayList<>();
    Set<String> ids = new LinkedHashSet<>();
    List<Json> written = list(object, "rules");
    for (int i = 0; i < written.size(); i++) {
      String at = JsonPointer.child("/rules", i);
      if (written.get(i) instanceof Json.Obj rule) {
        rule(rule, at).ifPresent(rules::add);
        rule.text("id")
            .filter(id -> !ids.add(id))
            .ifPresent(id ->
                error(
                    "rule-twice",
                    at,
                    "two rules have the id '" + id + "'",
                    "give each rule an id of its own"));
      } else {
        error(
            "rule-syntax",
            at,
            "a rule is " + written.get(i) + ", expected an object",
            "write id and check");
      }
    }
    return rules;
  }

  private Optional<Contract.Rule> rule(Json.Obj rule, String at) {
    unknownKeys(rule, RULE_KEYS, at);
    Optional<String> id = text(rule, "id", at, true);
    Optional<String> check = text(rule, "check", at, true);
    String severity = rule.text("severity").orElse("error");
    if (!severity.equals("error") && !severity.equals("warning")) {
      error(
          "rule-severity",
          at,
          "severity is '" + severity + "', expected error or warning",
          "write error or warning");
    }
    if (id.isEmpty() || check.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Contract.Rule(
              id.get(),
              rule.text("description").orElse(check.get()),
              Program.of(check.get(), new RulePatterns()),
              severity.equals("warning") ? Finding.Severity.WARNING : Finding.Severity.ERROR));
    } catch (SyntaxException e) {
      error(
          "rule-syntax",
          at + "/check",
          "rule " + id.get() + ": " + e.problem(),
          "use the listed subset of CEL (docs/contracts.md, Quality rules)");
      return Optional.empty();
    }
  }

  private void unknownKeys(Json.Obj object, List<String> known, String at) {
    for (String key : object.members().keySet()) {
      if (!known.contains(key) && !key.startsWith("x-")) {
        error(
            "contract-unknown-key",
            JsonPointer.child(at, key),
            "unknown key '%s', expected one of %s".formatted(key, String.join(", ", known)),
            NearestName.nearest(key, known, 2)
                .map(near -> "did you mean '" + near + "'?")
                .orElse("remove it, or begin it with x-"));
      }
    }
  }

  private List<Json> list(Json.Obj object, String key) {
    return switch (object.get(key).orElse(null)) {
      case null -> List.of();
      case Json.Arr list -> list.items();
      case Json other -> {
        error(
            "contract-type",
            "/" + key,
            "%s is %s, expected a list".formatted(key, other),
            "begin each entry with '- '");
        yield List.of();
      }
    };
  }

  private Optional<String> text(Json.Obj object, String key, String at, boolean required) {
    Optional<Json> value = object.get(key);
    if (value.isEmpty()) {
      if (required) {
        error(
            "contract-missing",
            at.equals("/" + key) ? "" : at,
            "there is no '" + key + "'",
            "add '" + key + ":'");
      }
      return Optional.empty();
    }
    if (value.get() instanceof Json.Str text && !text.value().isBlank()) {
      return Optional.of(text.value());
    }
    if (key.equals("version") && value.get() instanceof Json.Num number) {
      return Optional.of(number.toString());
    }
    error(
        "contract-type",
        at,
        "%s is %s, expected a text".formatted(key, value.get()),
        "write a text");
    return Optional.empty();
  }

  private void error(String rule, String pointer, String message, String cure) {
    findings.add(Finding.error(rule, source.place(pointer), message, cure));
  }
}
