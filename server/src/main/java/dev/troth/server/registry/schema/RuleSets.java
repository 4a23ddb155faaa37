package dev.troth.server.registry.schema;

import dev.troth.server.http.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The rules that clients keep beside a schema; they are passed through once they make sense. */
public final class RuleSets {
  private static final List<String> PARTS =
      List.of("migrationRules", "domainRules", "encodingRules");
  private static final List<String> KINDS = List.of("TRANSFORM", "CONDITION");
  private static final List<String> MODES =
      List.of("UPGRADE", "DOWNGRADE", "UPDOWN", "WRITE", "READ", "WRITEREAD");

  private RuleSets() {}

  /** The rule set as it came; 42210 if a rule could never run. */
  public static String checked(String ruleSet) {
    if (ruleSet.isEmpty()) {
      return ruleSet;
    }
    JsonNode set = Json.mapper().readTree(ruleSet);
    for (String member : set.propertyNames()) {
      if (!PARTS.contains(member) && !member.equals("enableAt")) {
        throw RegistryException.invalidRuleSet(
            "'%s' is unknown, expected %s".formatted(member, String.join(", ", PARTS)));
      }
    }
    Set<String> names = new HashSet<>();
    for (String part : PARTS) {
      for (JsonNode rule : set.path(part)) {
        check(rule, names);
      }
    }
    return ruleSet;
  }

  private static void check(JsonNode rule, Set<String> names) {
    String name = rule.path("name").asString("");
    if (name.isBlank()) {
      throw RegistryException.invalidRuleSet("a rule has no name");
    }
    if (!names.add(name)) {
      throw RegistryException.invalidRuleSet("the rule '%s' is there twice".formatted(name));
    }
    oneOf(name, "kind", rule, KINDS);
    oneOf(name, "mode", rule, MODES);
    if (rule.path("type").asString("").isBlank()) {
      throw RegistryException.invalidRuleSet("the rule '%s' has no type".formatted(name));
    }
  }

  private static void oneOf(String name, String member, JsonNode rule, List<String> expected) {
    String given = rule.path(member).asString("");
    if (!expected.contains(given)) {
      throw RegistryException.invalidRuleSet(
          "%s of the rule '%s' is '%s', expected one of %s"
              .formatted(member, name, given, String.join(", ", expected)));
    }
  }
}
