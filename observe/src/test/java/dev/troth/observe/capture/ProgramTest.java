package dev.troth.observe.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.bpf.Disassembler;
import dev.troth.observe.bpf.Program;
import dev.troth.observe.btf.Btf;
import dev.troth.observe.kernel.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The bytecode of all programs, on both processors, as text under {@code golden/}; run with {@code
 * -Dtroth.golden=write} to record it anew.
 */
final class ProgramTest {
  /** What a person can still review. */
  private static final int LONGEST = 350;

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void programsAreAsRecorded(Architecture architecture) throws IOException {
    Btf btf =
        switch (architecture) {
          case X86_64 -> RecordedKernels.x86();
          case AARCH64 -> RecordedKernels.arm64();
        };
    StringBuilder text = new StringBuilder();
    Map<String, Program> programs = Capture.programs(KernelLayout.of(btf, architecture), 1 << 21);
    programs.forEach((tracepoint, program) -> {
      text.append(tracepoint).append(' ').append(program.name()).append('\n');
      text.append(Disassembler.print(program)).append('\n');
      assertThat(program.instructions()).hasSizeLessThan(LONGEST);
    });
    Path golden =
        Path.of(
            System.getProperty("troth.root", ".."),
            "observe/src/test/resources/golden/" + architecture + ".txt");
    if ("write".equals(System.getProperty("troth.golden"))) {
      Files.writeString(golden, text);
    }
    assertThat(text.toString()).isEqualTo(Files.readString(golden));
  }
}
