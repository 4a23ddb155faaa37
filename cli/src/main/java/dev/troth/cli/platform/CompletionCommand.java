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
  /** Where a generated script hands names of files to {@code compgen -W}, which expands them. */
  private static final String EXPANDED = "positionals=$( compgen -f -- \"${curr_word}\" ) # files";

  private static final String SPLIT = "COMPREPLY=( $( compgen -f -- \"${curr_word}\" ) ) # files";
  private static final String WORDS =
      "COMPREPLY=( $(compgen -W \"${commands// /$'\\n'}${IFS}${positionals}\" -- \"${curr_word}\") )";

  /** Reads names as they are, a line each; also in zsh. */
  private static final String READ =
      "while IFS= read -r name; do %s+=(\"$name\"); done < <(compgen -f -- \"${curr_word}\")";

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
    out.print(withPlainNames(AutoComplete.bash("troth", troth.apply(new String[0]))));
    out.flush();
    return ExitCode.OK;
  }

  /**
   * The generator has the shell expand the names of files that it offers, so that a file whose name
   * holds a command would run it. Here they are offered as they are.
   */
  private static String withPlainNames(String script) {
    String plain =
        script
            .replace("local positionals=\"\"", "local positionals=\"\" names=() name")
            .replace(EXPANDED, READ.formatted("names"))
            .replace(SPLIT, "local name; COMPREPLY=(); " + READ.formatted("COMPREPLY"))
            .replace(WORDS, WORDS.substring(0, WORDS.length() - 1) + "\"${names[@]}\" )");
    if (plain.contains(EXPANDED) || plain.contains(SPLIT) || !plain.contains("names[@]")) {
      throw new IllegalStateException("the generator of completions writes another script now");
    }
    return plain;
  }
}
