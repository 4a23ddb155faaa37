package dev.troth.contracts;

import dev.troth.contracts.avro.AvroShape;
import dev.troth.contracts.compile.CompiledSchema;
import dev.troth.contracts.pattern.CostException;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.contracts.validate.Violation;
import dev.troth.json.Json;
import dev.troth.json.JsonException;
import dev.troth.json.JsonLimits;
import dev.troth.json.JsonReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Says whether messages keep a contract. The fast way answers yes or no; only after a "no" is the
 * message read again to say what is wrong. Immutable; safe for use by many threads.
 */
public final class Validator {
  private final Contract contract;
  private final Optional<CompiledSchema> compiled;
  private final Optional<Interpreter> interpreter;
  private final Optional<AvroShape> avro;

  /** The members that the rules read; none if they may read any. */
  private final Optional<Set<String>> ruleMembers;

  private Validator(Contract contract, boolean compile) {
    this.contract = contract;
    Optional<Schema> schema = contract.schema();
    this.compiled =
        compile ? schema.flatMap(s -> CompiledSchema.of(s, JsonLimits.DEFAULT)) : Optional.empty();
    this.interpreter = schema.map(Interpreter::new);
    this.avro =
        contract.shape() instanceof Contract.Shape.Avro(Json avsc)
            ? Optional.of(AvroShape.of(avsc))
            : Optional.empty();
    this.ruleMembers = ruleMembers(contract);
  }

  private static Optional<Set<String>> ruleMembers(Contract contract) {
    Set<String> all = new HashSet<>();
    for (Contract.Rule rule : contract.rules()) {
      Optional<Set<String>> members = rule.check().members();
      if (members.isEmpty()) {
        return Optional.empty();
      }
      all.addAll(members.get());
    }
    return Optional.of(all);
  }

  static Validator compiled(Contract contract) {
    return new Validator(contract, true);
  }

  static Validator interpreted(Contract contract) {
    return new Validator(contract, false);
  }

  /** The verdict on a message: UTF-8 JSON; for an Avro schema, Avro's JSON encoding. */
  public Verdict validate(byte[] message) {
    if (compiled.isPresent()) {
      if (contract.rules().isEmpty()) {
        if (compiled.get().isValid(message)) {
          return Verdict.VALID;
        }
      } else {
        Optional<Json> read = compiled.get().read(message, ruleMembers);
        if (read.isPresent()) {
          return rules(read.get());
        }
      }
    }
    Json json;
    try {
      json = JsonReader.read(message);
    } catch (JsonException e) {
      return new Verdict(
          List.of(violation("", "json", "a JSON document", String.valueOf(e.getMessage()))),
          List.of());
    }
    List<Violation> violations = shape(json, message);
    return violations.isEmpty() ? rules(json) : new Verdict(violations, List.of());
  }

  private List<Violation> shape(Json json, byte[] message) {
    if (avro.isPresent()) {
      return avro.get().problems(message, json).stream()
          .map(problem -> violation(problem.pointer(), "avro", problem.expected(), problem.found()))
          .toList();
    }
    try {
      return interpreter.orElseThrow().violations(json);
    } catch (CostException e) {
      return List.of(
          violation(
              "", "pattern", "a text that its pattern decides", String.valueOf(e.getMessage())));
    }
  }

  /** Whether the message keeps the contract, without a reason. */
  public boolean isValid(byte[] message) {
    if (compiled.isEmpty() || !contract.rules().isEmpty()) {
      return validate(message).valid();
    }
    return compiled.get().isValid(message);
  }

  private Verdict rules(Json json) {
    List<Violation> violations = new ArrayList<>();
    List<Violation> warnings = new ArrayList<>();
    for (Contract.Rule rule : contract.rules()) {
      rule.check()
          .problem(json)
          .map(found -> violation("", "rule " + rule.id(), rule.description(), found))
          .ifPresent(rule.severity() == Finding.Severity.ERROR ? violations::add : warnings::add);
    }
    return violations.isEmpty() && warnings.isEmpty()
        ? Verdict.VALID
        : new Verdict(violations, warnings);
  }

  private static Violation violation(
      String pointer, String keyword, String expected, String found) {
    return new Violation(pointer, keyword, "", expected, found, List.of());
  }
}
