package dev.troth.cli.guide;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One command of a guide and what the guide prints after it.
 *
 * @param line where it stands in the page, from 1
 * @param command one or more lines for a shell; {@code ^C} ends the newest service
 * @param printed nothing is compared for the commands of a {@code sh} block
 */
record Step(int line, String command, List<String> printed, boolean compared) {
  static final String INTERRUPT = "^C";

  private static final Pattern SERVICE =
      Pattern.compile("(\\w+=\\S+ )*(\\./)?troth (up|gate run|gate keys sync)\\b[^&]*");

  private static final Pattern QUESTION =
      Pattern.compile("(\\./)?troth (audit|slo status|watch (inbox|why|(page|source) list))\\b.*");

  /** The commands of a block. */
  static List<Step> of(Guide.Block block) {
    if (block.language().equals("sh")) {
      String script = "set -euo pipefail\n" + String.join("\n", block.lines());
      return List.of(new Step(block.line(), "(" + script + "\n)", List.of(), false));
    }
    List<Step> steps = new ArrayList<>();
    List<String> lines = block.lines();
    int i = 0;
    while (i < lines.size()) {
      int begin = i;
      StringBuilder command = new StringBuilder(lines.get(i).replaceFirst("^\\$ ", ""));
      while (i + 1 < lines.size() && goesOn(command.toString())) {
        command.append("\n").append(lines.get(++i));
      }
      List<String> printed = new ArrayList<>();
      while (++i < lines.size() && !begins(lines.get(i))) {
        printed.add(lines.get(i));
      }
      steps.add(new Step(block.line() + 1 + begin, command.toString(), printed, true));
    }
    return steps;
  }

  /** Whether it runs until it is ended. */
  boolean isService() {
    return SERVICE.matcher(command).matches();
  }

  /** Whether it shows what comes a moment after the commands before it, and changes nothing. */
  boolean isQuestion() {
    return QUESTION.matcher(command).matches();
  }

  boolean isInterrupt() {
    return command.equals(INTERRUPT);
  }

  private static boolean begins(String line) {
    return line.startsWith("$ ") || line.equals(INTERRUPT);
  }

  /** Whether a shell would ask for another line. */
  private static boolean goesOn(String command) {
    char quote = 0;
    for (int i = 0; i < command.length(); i++) {
      char c = command.charAt(i);
      if (quote == 0 && c == '#' && (i == 0 || command.charAt(i - 1) == ' ')) {
        return false;
      }
      if (c == '\\' && quote != '\'') {
        i++;
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      }
    }
    return quote != 0 || command.endsWith("\\");
  }
}
