package dev.troth.observe.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.bpf.Disassembler;
import dev.troth.observe.bpf.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The bytecode of the program as text, which is the same on both processors but for the offsets;
 * run with {@code -Dtroth.golden=write} to record it anew.
 */
final class WriteProgramTest {
  /** What a person can still review. */
  private static final int LONGEST = 250;

  @Test
  void theProgramIsAsRecorded() throws IOException {
    WriteLayout layout =
        new WriteLayout(
            1_000,
            1_008,
            1_016,
            new WriteLayout.Files(
                2_000,
                2_008,
                2_016,
                2_024,
                new WriteLayout.Inode(2_032, 2_040, 2_048),
                new WriteLayout.Socket(3_000, 3_008, 3_016)));
    Program program = WriteProgram.write(layout, 1 << 20);
    String text = program.name() + '\n' + Disassembler.print(program) + '\n';
    assertThat(program.instructions().size()).isLessThan(LONGEST);
    Path golden =
        Path.of(
            System.getProperty("troth.root", ".."), "observe/src/test/resources/golden/log.txt");
    if ("write".equals(System.getProperty("troth.golden"))) {
      Files.writeString(golden, text);
    }
    assertThat(text).isEqualTo(Files.readString(golden));
  }
}
