package dev.troth.slo.alarm;

import dev.troth.slo.alarm.CompositeRule.All;
import dev.troth.slo.alarm.CompositeRule.Any;
import dev.troth.slo.alarm.CompositeRule.Constant;
import dev.troth.slo.alarm.CompositeRule.In;
import dev.troth.slo.alarm.CompositeRule.Not;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads rules of composite alarms: {@code NOT} binds tightest, then {@code AND}, then {@code OR}.
 */
final class CompositeRuleParser {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:([()])|(?:(ALARM|OK|INSUFFICIENT_DATA)\\s*\\(\\s*(\"[^\"]*\"|[^()\"\\s]+)"
              + "\\s*\\))|([A-Z_]+))");
  private static final int DEEPEST = 100;

  private final String text;
  private final Matcher matcher;
  private final List<String> alarms = new ArrayList<>();
  private int at;
  private int depth;

  private CompositeRuleParser(String text) {
    this.text = text;
    this.matcher = TOKEN.matcher(text);
  }

  private static final class WrongException extends Exception {
    private static final long serialVersionUID = 1L;

    WrongException(String message) {
      super(message, null, false, false);
    }
  }

  static CompositeRule.Read read(String text) {
    CompositeRuleParser parser = new CompositeRuleParser(text);
    try {
      CompositeRule rule = parser.any();
      if (!parser.isAtEnd()) {
        throw new WrongException("column %d: expected AND, OR or the end".formatted(parser.at + 1));
      }
      return new CompositeRule.Read(Optional.of(rule), parser.alarms, Optional.empty());
    } catch (WrongException wrong) {
      return new CompositeRule.Read(
          Optional.empty(), parser.alarms, Optional.of(String.valueOf(wrong.getMessage())));
    }
  }

  private boolean isAtEnd() {
    return text.substring(at).isBlank();
  }

  private boolean next() {
    matcher.region(at, text.length());
    return matcher.lookingAt();
  }

  private boolean takes(String word) {
    if (next() && (word.equals(matcher.group(1)) || word.equals(matcher.group(4)))) {
      at = matcher.end();
      return true;
    }
    return false;
  }

  private CompositeRule any() throws WrongException {
    List<CompositeRule> rules = new ArrayList<>();
    do {
      rules.add(all());
    } while (takes("OR"));
    return rules.size() == 1 ? rules.getFirst() : new Any(rules);
  }

  private CompositeRule all() throws WrongException {
    List<CompositeRule> rules = new ArrayList<>();
    do {
      rules.add(one());
    } while (takes("AND"));
    return rules.size() == 1 ? rules.getFirst() : new All(rules);
  }

  private CompositeRule one() throws WrongException {
    if (++depth > DEEPEST) {
      throw new WrongException("nests deeper than %d levels".formatted(DEEPEST));
    }
    CompositeRule rule;
    if (takes("NOT")) {
      rule = new Not(one());
    } else if (takes("(")) {
      rule = any();
      if (!takes(")")) {
        throw new WrongException("column %d: expected ')'".formatted(at + 1));
      }
    } else if (next() && matcher.group(2) != null) {
      String name = matcher.group(3);
      alarms.add(name.startsWith("\"") ? name.substring(1, name.length() - 1) : name);
      rule = new In(AlarmState.valueOf(matcher.group(2)), alarms.getLast());
      at = matcher.end();
    } else if (takes("TRUE")) {
      rule = new Constant(true);
    } else if (takes("FALSE")) {
      rule = new Constant(false);
    } else {
      throw new WrongException(
          "column %d: expected ALARM(\"name\"), OK(\"name\"), INSUFFICIENT_DATA(\"name\"), NOT or '('"
              .formatted(at + 1));
    }
    depth--;
    return rule;
  }
}
