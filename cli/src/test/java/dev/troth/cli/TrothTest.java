package dev.troth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
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
}
