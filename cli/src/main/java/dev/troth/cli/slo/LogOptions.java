package dev.troth.cli.slo;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.slo.backtest.LogCounts;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a log of JSON lines says what was counted. */
final class LogOptions {
  @Option(
      names = "--bad",
      paramLabel = "CONDITION",
      description = {
        "COUNTS is a log of JSON lines, one line a request: which are bad, as status>=500 or",
        "level=error."
      })
  private @Nullable String bad;

  @Option(
      names = "--time-field",
      paramLabel = "NAME",
      defaultValue = "time",
      description = "Where lines of a log have their time (default: ${DEFAULT-VALUE}).")
  private String timeField = "time";

  boolean isGiven() {
    return bad != null;
  }

  LogCounts counts() {
    try {
      return new LogCounts(timeField, LogCounts.Condition.of(requireNonNull(bad)));
    } catch (IllegalArgumentException wrong) {
      throw CommandException.usage("--bad is " + wrong.getMessage());
    }
  }
}
