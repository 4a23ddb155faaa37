package dev.troth.contracts.compatibility;

import dev.troth.cel.Expression;
import dev.troth.contracts.Contract;
import dev.troth.contracts.Finding;
import dev.troth.contracts.Finding.Severity;
import dev.troth.contracts.Validator;
import dev.troth.contracts.proof.Answer;
import dev.troth.contracts.proof.Containment;
import dev.troth.contracts.proof.Containment.Written;
import dev.troth.contracts.proof.Effort;
import dev.troth.contracts.rule.RuleForm;
import dev.troth.contracts.rule.RuleSchema;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import dev.troth.json.JsonWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether what one version writes keeps the quality rules of the other. Rules that JSON Schema can
 * say are compared by meaning; others only if they are written alike, else it is unknown.
 *
 * @param answer to all rules of the reader
 */
record RuleComparison(Answer answer, List<Finding> findings) {
  private static final Schema ANY =
      new SchemaLoader(SchemaLoader.Options.DEFAULT).load(Json.Bool.TRUE, "troth:/any");

  RuleComparison {
    findings = List.copyOf(findings);
  }

  /** Compares the rules of two versions, one way. */
  static RuleComparison of(Contract next, Contract before, Direction direction, Layer layer) {
    boolean backward = direction == Direction.BACKWARD;
    Contract writer = backward ? before : next;
    Contract reader = backward ? next : before;
    Written written = written(writer);
    Set<String> kept = new HashSet<>();
    binding(writer).forEach(rule -> parts(rule).forEach(part -> kept.add(RuleForm.of(part))));
    Containment containment =
        layer == Layer.EVOLUTION
            ? Containment.ofDeclared(Effort.NORMAL)
            : Containment.strict(Effort.NORMAL);
    Answer worst = new Answer.Proved();
    List<Finding> findings = new ArrayList<>();
    for (Contract.Rule rule : binding(reader)) {
      List<Expression> open =
          parts(rule).stream().filter(part -> !kept.contains(RuleForm.of(part))).toList();
      Answer answer = answer(rule, open, writer, written, containment);
      Told told = new Told(next, before, direction, rule);
      switch (answer) {
        case Answer.Proved _ -> {}
        case Answer.Refuted refuted -> {
          findings.add(told.refuted(refuted.counterexample()));
          worst = worst instanceof Answer.Refuted ? worst : answer;
        }
        case Answer.Unknown unknown -> {
          findings.add(told.unknown(unknown.reason()));
          worst = worst instanceof Answer.Proved ? answer : worst;
        }
      }
    }
    return new RuleComparison(worst, findings);
  }

  /** What a contract's writer writes: its shape and its rules. */
  static Written written(Contract writer) {
    List<Schema> rules = new ArrayList<>();
    Optional<Set<String>> members = Optional.of(Set.of());
    for (Contract.Rule rule : binding(writer)) {
      parts(rule).forEach(part -> RuleSchema.of(part).ifPresent(rules::add));
      members = members.flatMap(known -> rule.check().members().map(more -> union(known, more)));
    }
    return new Written(
        writer.schema().orElse(ANY),
        rules,
        members,
        document ->
            binding(writer).stream().allMatch(rule -> rule.check().problem(document).isEmpty()));
  }

  private static Set<String> union(Set<String> one, Set<String> other) {
    Set<String> both = new HashSet<>(one);
    both.addAll(other);
    return both;
  }

  private static List<Contract.Rule> binding(Contract contract) {
    return contract.rules().stream().filter(rule -> rule.severity() == Severity.ERROR).toList();
  }

  private static List<Expression> parts(Contract.Rule rule) {
    return RuleForm.parts(rule.check().expression());
  }

  private static Answer answer(
      Contract.Rule rule,
      List<Expression> open,
      Contract writer,
      Written written,
      Containment containment) {
    boolean said = true;
    String reason = "";
    for (Expression part : open) {
      Optional<Schema> schema = RuleSchema.of(part);
      if (schema.isEmpty()) {
        said = false;
        continue;
      }
      switch (containment.of(written, schema.get())) {
        case Answer.Proved _ -> {}
        case Answer.Refuted(Json document) when breaks(rule, writer, document) -> {
          return new Answer.Refuted(document);
        }
        case Answer.Refuted _ -> reason = "no document was found that shows a difference";
        case Answer.Unknown unknown -> reason = unknown.reason();
      }
    }
    if (said && reason.isEmpty()) {
      return new Answer.Proved();
    }
    for (Json example : writer.examples()) {
      if (breaks(rule, writer, example)) {
        return new Answer.Refuted(example);
      }
    }
    return new Answer.Unknown(
        reason.isEmpty() ? "it compares more than parts of a message with constants" : reason);
  }

  private static boolean breaks(Contract.Rule rule, Contract writer, Json document) {
    Validator validator = writer.inspector();
    return rule.check().problem(document).isPresent()
        && validator.validate(JsonWriter.bytes(document)).valid();
  }

  /** What is told about one rule. */
  private record Told(Contract next, Contract before, Direction direction, Contract.Rule rule) {
    private boolean backward() {
      return direction == Direction.BACKWARD;
    }

    private String place() {
      List<String> ids = next.rules().stream().map(Contract.Rule::id).toList();
      int index = ids.indexOf(rule.id());
      return index < 0 ? "/rules" : JsonPointer.child("/rules", index);
    }

    private String writer() {
      return backward() ? "version " + before.version() : "the new version";
    }

    private String reader() {
      return backward() ? "the new version" : "version " + before.version();
    }

    Finding refuted(Json document) {
      return Finding.error(
          direction + "/rule",
          place(),
          "%s refuses a document of %s: rule '%s' (%s) is broken by %s"
              .formatted(reader(), writer(), rule.id(), rule.check(), document),
          backward()
              ? "make it a warning first, or raise the major version"
              : "keep the rule while version %s is read, or raise the major version"
                  .formatted(before.version()));
    }

    Finding unknown(String reason) {
      return Finding.error(
          direction + "/rule-unknown",
          place(),
          "whether documents of %s keep rule '%s' (%s) of %s could not be told: %s"
              .formatted(writer(), rule.id(), rule.check(), reader(), reason),
          "waive this finding with a reason, make the rule a warning, or raise the major version");
    }
  }
}
