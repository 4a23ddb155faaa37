package dev.troth.cli.slo.cloudwatch;

import dev.troth.slo.backtest.SeriesName;
import dev.troth.slo.cloudformation.Values;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names whose values only a deployment knows, such as {@code ${Stage}-orders}. */
final class OpenName {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{[^}]*}");

  private OpenName() {}

  static boolean isOpen(SeriesName name) {
    return name.dimensions().values().stream().anyMatch(Values::isOpen);
  }

  static boolean fits(SeriesName open, SeriesName other) {
    return open.namespace().equals(other.namespace())
        && open.metric().equals(other.metric())
        && open.dimensions().keySet().equals(other.dimensions().keySet())
        && open.dimensions().entrySet().stream()
            .allMatch(dimension ->
                matches(
                    dimension.getValue(), other.dimensions().getOrDefault(dimension.getKey(), "")));
  }

  private static boolean matches(String open, String value) {
    StringBuilder pattern = new StringBuilder();
    Matcher variable = VARIABLE.matcher(open);
    int from = 0;
    while (variable.find()) {
      pattern.append(Pattern.quote(open.substring(from, variable.start()))).append(".+");
      from = variable.end();
    }
    return value.matches(pattern + Pattern.quote(open.substring(from)));
  }
}
