package dev.troth.contracts;

import dev.troth.cel.EvaluationException;
import dev.troth.cel.Patterns;
import dev.troth.contracts.pattern.CostException;
import dev.troth.contracts.pattern.Regex;
import dev.troth.contracts.pattern.RegexException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Patterns of rules: the same regular expressions as a schema's, each compiled once. */
final class RulePatterns implements Patterns {
  private static final int MOST_KEPT = 100;

  private final Map<String, Regex> compiled = new ConcurrentHashMap<>();

  @Override
  public boolean find(String pattern, String text) {
    try {
      Regex regex = compiled.get(pattern);
      if (regex == null) {
        regex = Regex.of(pattern);
        if (compiled.size() < MOST_KEPT) {
          compiled.put(pattern, regex);
        }
      }
      return regex.find(text);
    } catch (RegexException e) {
      throw new EvaluationException(e.problem());
    } catch (CostException e) {
      throw new EvaluationException(String.valueOf(e.getMessage()));
    }
  }
}
