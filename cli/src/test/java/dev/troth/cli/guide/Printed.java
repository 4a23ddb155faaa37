package dev.troth.cli.guide;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What a guide prints after a command, in the guides' notation.
 *
 * <ul>
 *   <li>{@code …} within a line stands for any text of that line;
 *   <li>a line of {@code …} alone stands for any number of lines;
 *   <li>a moment ({@code 2026-01-31T09:30:00Z}, {@code 2026-01-31 09:30:00}) stands for any moment;
 *   <li>all else stands for itself.
 * </ul>
 */
record Printed(List<String> lines) {
  private static final Pattern MOMENT =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?Z?");
  private static final String ANY = "…";

  /**
   * Whether this is what was printed; ends of lines without a visible character are passed over.
   */
  boolean matches(String actual) {
    StringBuilder pattern = new StringBuilder();
    for (String line : lines) {
      if (line.strip().equals(ANY)) {
        pattern.append("(?:[^\n]*\n)*?");
        continue;
      }
      String[] parts = plain(line).split(ANY, -1);
      for (int i = 0; i < parts.length; i++) {
        pattern.append(i == 0 ? "" : "[^\n]*?").append(Pattern.quote(parts[i]));
      }
      pattern.append("\n");
    }
    StringBuilder printed = new StringBuilder();
    actual.lines().forEach(line -> printed.append(plain(line)).append("\n"));
    return Pattern.matches(pattern.toString(), printed);
  }

  private static String plain(String line) {
    return MOMENT.matcher(line.stripTrailing()).replaceAll("<moment>");
  }
}
