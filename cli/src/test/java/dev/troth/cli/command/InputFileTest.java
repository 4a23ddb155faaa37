package dev.troth.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.troth.cli.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class InputFileTest {
  private static final Path ORDERS =
      Path.of(System.getProperty("troth.root", ".."), "examples/orders/slo.yaml");

  @TempDir Path folder;

  /** Each command that reads a file; FILE stands for one that is not there. */
  static Stream<Arguments> commands() {
    return Stream.of(
        arguments("slo", List.of("lint", "FILE")),
        arguments("slo", List.of("backtest", "FILE", "counts.csv")),
        arguments("slo", List.of("backtest", ORDERS, "FILE")),
        arguments("slo", List.of("export", "cloudformation", "FILE")),
        arguments("slo", List.of("status", "--token-file", "FILE")),
        arguments("contract", List.of("lint", "FILE")),
        arguments("contract", List.of("validate", "FILE", "message.json")),
        arguments("contract", List.of("diff", ORDERS, "FILE")),
        arguments("contract", List.of("generate", "FILE", "--lang", "java", "--out", "out")),
        arguments("contract", List.of("export", "odcs", "FILE")),
        arguments("contract", List.of("import", "odcs", "FILE")),
        arguments("gate", List.of("config", "FILE")),
        arguments("gate", List.of("verify", "token", "--keys", "FILE")),
        arguments("gate", List.of("verify", "token", "--secret-file", "FILE")),
        arguments("observe", List.of("run", "--config", "FILE")));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aFileThatCannotBeReadIsOneSentenceAndExitCode2(String command, List<Object> arguments)
      throws IOException {
    Path file = folder.resolve("none.yaml");
    List<Object> named = new ArrayList<>(arguments);
    named.replaceAll(argument -> argument.equals("FILE") ? file : argument);
    Ran ran = Ran.troth(command, named.toArray());
    assertThat(ran.exitCode()).as(ran.out() + ran.err()).isEqualTo(2);
    assertThat(ran.err()).contains("none.yaml", "there is no such file").doesNotContain("java.");
    assertThat(ran.err().lines()).hasSize(1);

    Files.createDirectory(file);
    Ran inFolder = Ran.troth(command, named.toArray());
    assertThat(inFolder.err() + inFolder.out()).doesNotContain("java.", "Exception");
  }

  @Test
  void bytesThatAreNoTextAreNamed() throws IOException {
    Path file = Files.write(folder.resolve("latin.yaml"), new byte[] {'a', (byte) 0xff});
    Ran ran = Ran.slo("lint", file);
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err().strip()).endsWith("latin.yaml: cannot be read: it is no text in UTF-8");
  }
}
