package dev.troth.cli.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine;

/**
 * The sub-commands of a command, in the order in which {@code --help} lists them. To build all of
 * them takes longer than most of them run, so only the one that is asked for is built; all are if
 * none is.
 */
public final class Subcommands {
  private final Map<String, Function<List<String>, Object>> commands = new LinkedHashMap<>();

  public Subcommands with(String name, Supplier<Object> command) {
    commands.put(name, _ -> command.get());
    return this;
  }

  /** A command with sub-commands of its own. */
  public Subcommands with(String name, Object command, Subcommands below) {
    commands.put(name, arguments -> below.under(command, arguments));
    return this;
  }

  /** The command with the sub-commands that the arguments need. */
  public CommandLine under(Object command, List<String> arguments) {
    CommandLine line = new CommandLine(command);
    Function<List<String>, Object> asked =
        arguments.isEmpty() ? null : commands.get(arguments.getFirst());
    if (asked == null) {
      commands.forEach((name, build) -> line.addSubcommand(name, build.apply(List.of())));
    } else {
      List<String> rest = arguments.subList(1, arguments.size());
      line.addSubcommand(arguments.getFirst(), asked.apply(rest));
    }
    return line;
  }
}
