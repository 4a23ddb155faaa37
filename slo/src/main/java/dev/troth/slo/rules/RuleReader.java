package dev.troth.slo.rules;

import dev.troth.json.file.Section;
import dev.troth.slo.promql.Query;
import dev.troth.slo.promql.QueryParser;
import dev.troth.slo.rules.RuleFile.Alerting;
import dev.troth.slo.rules.RuleFile.Group;
import dev.troth.slo.rules.RuleFile.Recording;
import dev.troth.slo.rules.RuleFile.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads groups of rules, and lists all that a replay cannot keep. */
final class RuleReader {
  /** Prometheus's own interval if neither the group nor its configuration names one. */
  private static final long INTERVAL = 60_000;

  private final List<String> reasons = new ArrayList<>();

  private RuleReader() {}

  static RuleFile read(List<Section> sections) throws RefusedRulesException {
    RuleReader reader = new RuleReader();
    List<Group> groups = new ArrayList<>();
    for (Section section : sections) {
      try {
        groups.add(reader.group(section));
      } catch (Section.WrongException wrong) {
        reader.refuse(wrong);
      }
    }
    if (!reader.reasons.isEmpty()) {
      throw new RefusedRulesException(reader.reasons);
    }
    return new RuleFile(groups);
  }

  private void refuse(Section.WrongException wrong) {
    reasons.add(wrong.place() + ": " + wrong.reason());
  }

  private Group group(Section group) {
    group.only("name", "interval", "rules", "labels", "limit", "query_offset");
    for (String key : List.of("limit", "query_offset")) {
      group
          .get(key)
          .filter(value -> !value.text().matches("0[a-z]*"))
          .ifPresent(value -> refuse(value.wrong("0: a replay does not keep a " + key)));
    }
    Map<String, String> labels = labels(group);
    List<Rule> rules = new ArrayList<>();
    for (Section section : group.need("rules").list()) {
      try {
        rule(section, labels).ifPresent(rules::add);
      } catch (Section.WrongException wrong) {
        refuse(wrong);
      }
    }
    long interval = length(group, "interval");
    return new Group(group.text("name", ""), interval == 0 ? INTERVAL : interval, rules);
  }

  private Optional<Rule> rule(Section rule, Map<String, String> ofGroup) {
    rule.only("alert", "record", "expr", "for", "keep_firing_for", "labels", "annotations");
    boolean alert = rule.get("alert").isPresent();
    if (alert == rule.get("record").isPresent()) {
      throw rule.wrong("one of alert and record");
    }
    String name = rule.need(alert ? "alert" : "record").text();
    Section expression = rule.need("expr");
    QueryParser.Parsed parsed = QueryParser.parse(expression.text());
    if (parsed.query().isEmpty()) {
      reasons.add(
          "%s: the expr of %s is not read: %s".formatted(expression.place(), name, parsed.wrong()));
      return Optional.empty();
    }
    Query query = parsed.query().get();
    Support.refusals(query)
        .forEach(
            why -> reasons.add("%s: the expr of %s: %s".formatted(expression.place(), name, why)));
    Map<String, String> labels = new LinkedHashMap<>(ofGroup);
    labels.putAll(labels(rule));
    return Optional.of(
        alert
            ? new Alerting(
                name, query, labels, length(rule, "for"), length(rule, "keep_firing_for"))
            : new Recording(name, query, labels));
  }

  private Map<String, String> labels(Section section) {
    Map<String, String> labels = new LinkedHashMap<>();
    section
        .get("labels")
        .ifPresent(given -> given.keys().forEach(key -> labels.put(key, label(given.need(key)))));
    return labels;
  }

  private String label(Section value) {
    if (value.text().contains("{{")) {
      refuse(value.wrong("a text: a replay does not fill in templates of labels"));
    }
    return value.text();
  }

  private static long length(Section section, String key) {
    return section
        .get(key)
        .map(value -> value.text().equals("0") ? 0L : value.parsed("a length", Length::millis))
        .orElse(0L);
  }
}
