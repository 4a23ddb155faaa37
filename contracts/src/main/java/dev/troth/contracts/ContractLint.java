package dev.troth.contracts;

import dev.troth.contracts.schema.DynamicScope;
import dev.troth.contracts.schema.Edges;
import dev.troth.contracts.schema.JsonType;
import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Metaschemas;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.contracts.validate.Violation;
import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import dev.troth.json.JsonWriter;
import dev.troth.json.file.Location;
import dev.troth.json.file.NearestName;
import dev.troth.json.file.SourceFile;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks at a contract that can be used, and at what its author may not have meant. */
final class ContractLint {
  private final Contract contract;
  private final SourceFile source;
  private final boolean bare;
  private final List<Finding> findings = new ArrayList<>();

  ContractLint(Contract contract, SourceFile source, boolean bare) {
    this.contract = contract;
    this.source = source;
    this.bare = bare;
  }

  List<Finding> findings() {
    contract.schema().ifPresent(this::schema);
    examples();
    return findings;
  }

  private void schema(Schema root) {
    metaschema(root);
    SchemaLint lint = new SchemaLint(this::place, bare);
    for (Schema schema : schemas(root)) {
      keywords(schema);
      lint.schema(schema);
    }
    findings.addAll(lint.findings());
    RequiredLint.undeclared(root)
        .forEach((schema, names) ->
            names.forEach(name ->
                warn(
                    schema,
                    "required-undeclared",
                    "'%s' is required and declared nowhere".formatted(name),
                    nearest(schema, name)
                        .map(near -> "did you mean '" + near + "'?")
                        .orElse("declare it under properties"))));
  }

  private static Optional<String> nearest(Schema schema, String name) {
    return schema
        .keyword(Keyword.Properties.class)
        .flatMap(declared -> NearestName.nearest(name, declared.named().keySet(), 2));
  }

  /** Those that a message meets, and those that only stand in the same documents. */
  private static Set<Schema> schemas(Schema root) {
    Set<Schema> seen = new LinkedHashSet<>();
    Deque<Schema> todo = new ArrayDeque<>(List.of(root));
    while (!todo.isEmpty()) {
      Schema schema = todo.remove();
      boolean standard = schema.place().document().matches("https?://json-schema\\.org/.*");
      if (!standard && seen.add(schema)) {
        if (schema.place().pointer().isEmpty()) {
          todo.addAll(schema.sameDocument());
        }
        for (Keyword keyword : schema.keywords()) {
          todo.addAll(Edges.of(keyword, DynamicScope.EMPTY));
        }
      }
    }
    return seen;
  }

  /** What the loader lets pass and the draft's own meta-schema does not. */
  private void metaschema(Schema root) {
    String uri = root.dialect().draft().uri();
    Json metaschema = new Metaschemas().find(uri).orElseThrow();
    Schema loaded =
        new SchemaLoader(SchemaLoader.Options.DEFAULT.withDraft(root.dialect().draft()))
            .load(metaschema, uri);
    for (Violation violation : new Interpreter(loaded).violations(root.source())) {
      findings.add(
          Finding.error(
              "schema-metaschema",
              source.place("/schema" + violation.pointer()),
              violation.toString(),
              "write the keyword as " + root.dialect().draft().uri() + " demands"));
    }
  }

  private void keywords(Schema schema) {
    schema
        .keyword(Keyword.Pattern.class)
        .filter(pattern -> pattern.regex().automaton().isEmpty())
        .ifPresent(pattern ->
            warn(
                schema,
                "pattern-costly",
                "the pattern %s is not regular, so matching it takes many steps"
                    .formatted(pattern.regex()),
                "write it without look-around and back-references"));
    schema
        .keyword(Keyword.Required.class)
        .ifPresent(required -> required.names().forEach(name -> undeclared(schema, name)));
    bounds(schema);
    boolean typed = schema.keyword(Keyword.Type.class).isPresent();
    if (!typed && schema.keyword(Keyword.Properties.class).isPresent() && isPlain(schema)) {
      warn(
          schema,
          "schema-type",
          "properties without 'type: object' also accept texts, numbers and arrays",
          "add 'type: object'");
    }
  }

  /** Whether no applicator could say what the type is. */
  private static boolean isPlain(Schema schema) {
    return schema.keywords().stream()
        .allMatch(keyword -> Edges.inPlace(keyword, DynamicScope.EMPTY).isEmpty());
  }

  private void undeclared(Schema schema, String name) {
    boolean closedWithout =
        schema
            .keyword(Keyword.Properties.class)
            .filter(properties ->
                !properties.named().containsKey(name)
                    && properties.patterns().stream().noneMatch(p -> p.regex().find(name))
                    && properties.additional().filter(ContractLint::isNever).isPresent())
            .isPresent();
    if (closedWithout) {
      findings.add(
          Finding.error(
              "required-forbidden",
              place(schema),
              "'%s' is required, but additionalProperties forbids it".formatted(name),
              "declare it under properties"));
    }
  }

  private static boolean isNever(Schema schema) {
    return schema.keyword(Keyword.Never.class).isPresent();
  }

  private void bounds(Schema schema) {
    for (Keyword keyword : schema.keywords()) {
      for (Keyword other : schema.keywords()) {
        boolean empty =
            switch (keyword) {
              case Keyword.Minimum min when other instanceof Keyword.Maximum max -> {
                int order = min.limit().compareTo(max.limit());
                yield order > 0 || (order == 0 && (min.exclusive() || max.exclusive()));
              }
              case Keyword.AtLeast least when other instanceof Keyword.AtMost most ->
                  least.what() == most.what() && least.limit() > most.limit();
              default -> false;
            };
        if (empty) {
          findings.add(
              Finding.error(
                  "bounds-empty",
                  place(schema),
                  "no value is within %s and %s".formatted(keyword.keyword(), other.keyword()),
                  "swap or mend the bounds"));
        }
      }
    }
    schema
        .keyword(Keyword.Enum.class)
        .filter(choice -> new HashSet<>(choice.values()).size() < choice.values().size())
        .ifPresent(
            _ -> warn(schema, "enum-twice", "enum lists a value twice", "remove the second one"));
    schema
        .keyword(Keyword.Type.class)
        .filter(type -> type.types().containsAll(List.of(JsonType.INTEGER, JsonType.NUMBER)))
        .ifPresent(_ ->
            warn(
                schema,
                "type-redundant",
                "type lists integer beside number, which includes it",
                "remove integer"));
  }

  private void examples() {
    if (bare) {
      findings.add(
          Finding.warning(
              "contract-bare",
              source.place(""),
              "the schema names no owner, rules or promises",
              "to add them, write a contract file with 'schema: {$ref: %s}'"
                  .formatted(Path.of(source.name()).getFileName())));
    } else if (contract.examples().isEmpty()) {
      findings.add(
          Finding.warning(
              "examples-missing",
              source.place(""),
              "the contract has no examples",
              "add one message that keeps it, so that readers and tests see what it means"));
    }
    if (contract.examples().isEmpty()) {
      return;
    }
    Validator inspector = contract.inspector();
    for (int i = 0; i < contract.examples().size(); i++) {
      Verdict verdict = inspector.validate(JsonWriter.bytes(contract.examples().get(i)));
      for (Violation violation : verdict.violations()) {
        findings.add(
            Finding.error(
                "example-invalid",
                source.place(JsonPointer.child("/examples", i) + violation.pointer()),
                "example %d breaks the contract: %s".formatted(i + 1, violation),
                "mend the example or the schema"));
      }
    }
  }

  private void warn(Schema schema, String rule, String message, String cure) {
    findings.add(Finding.warning(rule, place(schema), message, cure));
  }

  private Location place(Schema schema) {
    return place(schema, "");
  }

  private Location place(Schema schema, String below) {
    boolean here =
        schema.place().document().equals(contract.schema().orElseThrow().place().document());
    return here
        ? source.place("/schema" + schema.place().pointer() + below)
        : Location.of(schema.place() + below);
  }
}
