package dev.troth.slo.rules;

import dev.troth.json.file.Section;
import dev.troth.json.file.SourceFile;
import dev.troth.slo.promql.Query;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The groups of rules of a file, in its order. */
public record RuleFile(List<Group> groups) {
  public RuleFile {
    groups = List.copyOf(groups);
  }

  /**
   * Rules that are evaluated together, one after the other.
   *
   * @param interval in milliseconds
   */
  record Group(String name, long interval, List<Rule> rules) {
    Group {
      rules = List.copyOf(rules);
    }
  }

  /** One rule. */
  sealed interface Rule {
    String name();

    Query query();

    Map<String, String> labels();
  }

  /** Keeps what an expression comes to as a series of its own. */
  record Recording(String name, Query query, Map<String, String> labels) implements Rule {}

  /**
   * Tells somebody while its expression has series.
   *
   * @param hold how long before it fires, in milliseconds ({@code for})
   * @param keep how long it fires on ({@code keep_firing_for})
   */
  record Alerting(String name, Query query, Map<String, String> labels, long hold, long keep)
      implements Rule {}

  /** The groups of a document that holds rules; empty if it is something else. */
  public static Optional<List<Section>> groups(SourceFile document) {
    Section root = Section.of(document);
    if (!root.isMapping()) {
      return Optional.empty();
    }
    return root.get("groups")
        .or(() -> root.get("spec").filter(Section::isMapping).flatMap(s -> s.get("groups")))
        .filter(Section::isList)
        .map(Section::list)
        .filter(groups -> groups.stream().anyMatch(RuleFile::isGroup));
  }

  /** Whether a value is a group of rules. */
  public static boolean isGroup(Section group) {
    return group.isMapping() && group.get("rules").filter(Section::isList).isPresent();
  }

  /** The rules of the documents of a file; empty if none of them holds rules. */
  public static Optional<RuleFile> in(List<SourceFile> documents) throws RefusedRulesException {
    List<Section> groups =
        documents.stream().flatMap(one -> groups(one).stream()).flatMap(List::stream).toList();
    return groups.isEmpty() ? Optional.empty() : Optional.of(RuleReader.read(groups));
  }
}
