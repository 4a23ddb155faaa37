package dev.troth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.command.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class TrothTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    CommandLine troth = Troth.commandLine();
    troth.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return troth.execute(args);
  }

  @Test
  void tells_its_version() {
    assertThat(run("--version")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).startsWith("troth ").contains("Java 25");
  }

  @Test
  void an_unknown_option_is_one_usage_error_without_a_stack_trace() {
    assertThat(run("--colour")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .contains("troth: Unknown option: '--colour'")
        .doesNotContain("\tat ");
  }

  @Test
  void builds_the_command_that_is_asked_for_alone() {
    CommandLine troth = Troth.commandLine("contract", "check", "--mode", "FULL");
    assertThat(troth.getSubcommands()).containsOnlyKeys("contract");
    assertThat(below(troth, "contract")).containsOnlyKeys("check");
  }

  @Test
  void knows_all_commands_when_none_is_asked_for() {
    CommandLine troth = Troth.commandLine("--help");
    assertThat(troth.getSubcommands()).containsKeys("demo", "up", "contract", "gate");
    assertThat(below(troth, "contract")).containsKeys("lint");
    assertThat(run("contract", "chek")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("Did you mean: contract check?");
  }

  private static Map<String, CommandLine> below(CommandLine line, String name) {
    return Objects.requireNonNull(line.getSubcommands().get(name)).getSubcommands();
  }
}
