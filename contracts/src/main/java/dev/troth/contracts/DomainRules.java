package dev.troth.contracts;

import dev.troth.cel.Program;
import dev.troth.cel.SyntaxException;
import dev.troth.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The conditions of a Confluent rule set as rules of a contract. Run are the {@code domainRules} of
 * kind CONDITION and type CEL, whether they are for writers or readers; a guard before a semicolon
 * says to which messages one applies. A condition whose failure has the action NONE is a warning.
 *
 * @param rules what can be run
 * @param left what is not run, by name, and why
 */
public record DomainRules(List<Contract.Rule> rules, List<String> left) {
  public static final DomainRules NONE = new DomainRules(List.of(), List.of());

  public DomainRules {
    rules = List.copyOf(rules);
    left = List.copyOf(left);
  }

  /** The rules of a rule set as its registry keeps it. */
  public static DomainRules of(Json ruleSet) {
    List<Contract.Rule> rules = new ArrayList<>();
    List<String> left = new ArrayList<>();
    for (String part : List.of("migrationRules", "domainRules", "encodingRules")) {
      for (Json.Obj rule : rules(ruleSet, part)) {
        String name = rule.text("name").orElse("");
        Optional<String> reason = reason(rule, part);
        if (reason.isPresent()) {
          left.add("rule '%s' is not run: %s".formatted(name, reason.get()));
          continue;
        }
        try {
          String check = check(rule.text("expr").orElse(""));
          rules.add(
              new Contract.Rule(
                  name,
                  rule.text("doc").orElse(check),
                  Program.of(check, new RulePatterns()),
                  severity(rule)));
        } catch (SyntaxException e) {
          left.add("rule '%s' is not run: %s".formatted(name, e.problem()));
        }
      }
    }
    return new DomainRules(rules, left);
  }

  private static List<Json.Obj> rules(Json ruleSet, String part) {
    List<Json.Obj> rules = new ArrayList<>();
    if (ruleSet instanceof Json.Obj set && set.get(part).orElse(null) instanceof Json.Arr array) {
      for (Json rule : array.items()) {
        if (rule instanceof Json.Obj object) {
          rules.add(object);
        }
      }
    }
    return rules;
  }

  /** Why a rule is not run; empty if it is. */
  private static Optional<String> reason(Json.Obj rule, String part) {
    String kind = rule.text("kind").orElse("");
    String type = rule.text("type").orElse("");
    if (rule.get("disabled").orElse(null) == Json.Bool.TRUE) {
      return Optional.of("it is disabled");
    }
    if (!part.equals("domainRules")) {
      return Optional.of("%s change messages between versions or on the wire".formatted(part));
    }
    if (!kind.equals("CONDITION")) {
      return Optional.of("its kind is %s, expected CONDITION: it changes messages".formatted(kind));
    }
    return type.equals("CEL")
        ? Optional.empty()
        : Optional.of("its type is %s, expected CEL".formatted(type));
  }

  /** A guard and a condition, of which the condition counts where the guard holds. */
  private static String check(String expression) {
    int semicolon = outsideTexts(expression);
    return semicolon < 0
        ? expression.strip()
        : "!(%s) || (%s)"
            .formatted(
                expression.substring(0, semicolon).strip(),
                expression.substring(semicolon + 1).strip());
  }

  private static int outsideTexts(String expression) {
    char quote = 0;
    for (int i = 0; i < expression.length(); i++) {
      char c = expression.charAt(i);
      if (quote != 0) {
        if (c == '\\') {
          i++;
        } else if (c == quote) {
          quote = 0;
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == ';') {
        return i;
      }
    }
    return -1;
  }

  private static Finding.Severity severity(Json.Obj rule) {
    // One action each for writing and reading: "ERROR,NONE".
    String action = rule.text("onFailure").orElse("ERROR");
    return List.of(action.split(",")).stream().map(String::strip).allMatch("NONE"::equals)
        ? Finding.Severity.WARNING
        : Finding.Severity.ERROR;
  }

  /** A contract with these rules beside its own; a name that it has already stays its own. */
  public Contract addedTo(Contract contract) {
    Set<String> known = new HashSet<>();
    contract.rules().forEach(rule -> known.add(rule.id()));
    List<Contract.Rule> all = new ArrayList<>(contract.rules());
    List<Json> written = new ArrayList<>();
    if (contract.json().get("rules").orElse(null) instanceof Json.Arr array) {
      written.addAll(array.items());
    }
    for (Contract.Rule rule : rules) {
      if (known.add(rule.id())) {
        all.add(rule);
        written.add(written(rule));
      }
    }
    Map<String, Json> members = new LinkedHashMap<>(contract.json().members());
    if (!written.isEmpty()) {
      members.put("rules", new Json.Arr(written));
    }
    return new Contract(
        contract.name(),
        contract.version(),
        contract.owner(),
        contract.description(),
        contract.shape(),
        all,
        contract.sla(),
        contract.examples(),
        new Contract.Source(new Json.Obj(members), contract.documents()));
  }

  private static Json written(Contract.Rule rule) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("id", new Json.Str(rule.id()));
    members.put("description", new Json.Str(rule.description()));
    members.put("check", new Json.Str(rule.check().source()));
    if (rule.severity() == Finding.Severity.WARNING) {
      members.put("severity", new Json.Str("warning"));
    }
    return new Json.Obj(members);
  }
}
