package dev.troth.slo.cloudformation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rule of a composite alarm: {@code ALARM("a") AND NOT OK("b")} (Amazon CloudWatch API, {@code
 * PutCompositeAlarm}).
 */
public final class AlarmExpression {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:([()])|(?:(ALARM|OK|INSUFFICIENT_DATA)\\s*\\(\\s*(\"[^\"]*\"|[^()\"\\s]+)"
              + "\\s*\\))|([A-Z_]+))");
  private static final Set<String> CONSTANTS = Set.of("TRUE", "FALSE");
  private static final int DEEPEST = 100;

  /**
   * What was read.
   *
   * @param alarms the names of the alarms, in order
   * @param wrong why it is no rule; empty if it is one
   */
  public record Read(List<String> alarms, Optional<String> wrong) {}

  private final String text;
  private final Matcher matcher;
  private final List<String> alarms = new ArrayList<>();
  private int at;
  private int depth;

  private AlarmExpression(String text) {
    this.text = text;
    this.matcher = TOKEN.matcher(text);
  }

  private static final class WrongException extends Exception {
    private static final long serialVersionUID = 1L;

    WrongException(String message) {
      super(message, null, false, false);
    }
  }

  public static Read read(String text) {
    AlarmExpression reader = new AlarmExpression(text);
    try {
      reader.any();
      if (!reader.isAtEnd()) {
        throw new WrongException("column %d: expected AND, OR or the end".formatted(reader.at + 1));
      }
      return new Read(reader.alarms, Optional.empty());
    } catch (WrongException wrong) {
      return new Read(reader.alarms, Optional.of(String.valueOf(wrong.getMessage())));
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

  private void any() throws WrongException {
    do {
      all();
    } while (takes("OR"));
  }

  private void all() throws WrongException {
    do {
      one();
    } while (takes("AND"));
  }

  private void one() throws WrongException {
    if (++depth > DEEPEST) {
      throw new WrongException("nests deeper than %d levels".formatted(DEEPEST));
    }
    while (takes("NOT")) {
      // any number of them
    }
    if (takes("(")) {
      any();
      if (!takes(")")) {
        throw new WrongException("column %d: expected ')'".formatted(at + 1));
      }
    } else if (next() && matcher.group(2) != null) {
      String name = matcher.group(3);
      alarms.add(name.startsWith("\"") ? name.substring(1, name.length() - 1) : name);
      at = matcher.end();
    } else if (next() && matcher.group(4) != null && CONSTANTS.contains(matcher.group(4))) {
      at = matcher.end();
    } else {
      throw new WrongException(
          "column %d: expected ALARM(\"name\"), OK(\"name\"), INSUFFICIENT_DATA(\"name\"), NOT or '('"
              .formatted(at + 1));
    }
    depth--;
  }
}
