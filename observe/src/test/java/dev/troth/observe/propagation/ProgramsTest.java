package dev.troth.observe.propagation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.bpf.CountedLoop;
import dev.troth.observe.bpf.Disassembler;
import dev.troth.observe.bpf.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The bytecode of the programs as text, which is the same on both processors; run with {@code
 * -Dtroth.golden=write} to record it anew.
 */
final class ProgramsTest {
  /** What a person can still review. */
  private static final int LONGEST = 800;

  @Test
  void programsAreAsRecorded() throws IOException {
    StreamLayout stream =
        new StreamLayout(1_000, 1_004, 1_008, 1_016, 1_024, 1_032, new CountedLoop(1, 2, 3));
    StringBuilder text = new StringBuilder();
    for (Program program :
        List.of(
            ConnectionPrograms.connecting(),
            ConnectionPrograms.connected(),
            MessageProgram.write(stream))) {
      text.append(program.name()).append('\n');
      text.append(Disassembler.print(program)).append('\n');
      assertThat(program.instructions().size()).isLessThan(LONGEST);
    }
    Path golden =
        Path.of(
            System.getProperty("troth.root", ".."),
            "observe/src/test/resources/golden/propagation.txt");
    if ("write".equals(System.getProperty("troth.golden"))) {
      Files.writeString(golden, text);
    }
    assertThat(text.toString()).isEqualTo(Files.readString(golden));
  }
}
