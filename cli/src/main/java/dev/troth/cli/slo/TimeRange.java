package dev.troth.cli.slo;

import dev.troth.cli.command.CommandException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** From when to when a history is asked for. */
final class TimeRange {
  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "Where a history that is asked for begins: 2026-10-01T00:00:00Z.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "Where it ends.")
  private @Nullable String to;

  Instant from() {
    Instant begin = time("--from", from);
    Instant end = to();
    if (!begin.isBefore(end)) {
      throw CommandException.usage("--from is %s, expected a time before --to".formatted(begin));
    }
    return begin;
  }

  Instant to() {
    return time("--to", to);
  }

  private static Instant time(String name, @Nullable String text) {
    try {
      return Instant.parse(text == null ? "" : text);
    } catch (DateTimeParseException wrong) {
      throw CommandException.usage(
          "%s is '%s', expected a time such as 2026-10-01T00:00:00Z"
              .formatted(name, text == null ? "missing" : text));
    }
  }
}
