package dev.troth.cli.platform;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.ExitCode;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code troth completion}: what a shell completes after {@code troth}. */
@Command(
    name = "completion",
    description = "Prints the completion script for bash and zsh.",
    mixinStandardHelpOptions = true,
    footer = {"", "bash: source <(troth completion)", "zsh:  the same, after 'compinit'"})
public final class CompletionCommand implements Callable<Integer> {
  private final Function<String[], CommandLine> troth;

  @Spec private @Nullable CommandSpec spec;

  /**
   * @param troth makes the command line that the arguments need, all of it for none
   */
  public CompletionCommand(Function<String[], CommandLine> troth) {
    this.troth = troth;
  }

  @Override
  public Integer call() {
    var out = requireNonNull(spec).commandLine().getOut();
    out.print(AutoComplete.bash("troth", troth.apply(new String[0])));
    out.flush();
    return ExitCode.OK;
  }
}
