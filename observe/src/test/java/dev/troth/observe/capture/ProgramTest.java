package dev.troth.observe.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.observe.agent.Protocols;
import dev.troth.observe.bpf.Disassembler;
import dev.troth.observe.bpf.Program;
import dev.troth.observe.btf.Btf;
import dev.troth.observe.kernel.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The bytecode of all programs, on both processors, as text under {@code golden/}; run with {@code
 * -Dtroth.golden=write} to record it anew.
 */
final class ProgramTest {
  private static final Filter FILTER =
      new Filter(Protocols.signatures(Protocols.all(Set.of())), 1 << 21);

  /** The part of a socket program that reads datagrams; streams pass it by. */
  private static final int DATAGRAMS = 260;

  /** That part which goes on with a message in further events. */
  private static final int PARTS = 220;

  /** What a person can still review, beside the comparisons with the signatures. */
  private static final int LONGEST = 430 + DATAGRAMS + PARTS + 6 * FILTER.signatures().size();

  /** The programs that have to look for the socket first. */
  private static final int LONGEST_FALLBACK = LONGEST + 190;

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void programsAreAsRecorded(Architecture architecture) throws IOException {
    Btf btf =
        switch (architecture) {
          case X86_64 -> RecordedKernels.x86();
          case AARCH64 -> RecordedKernels.arm64();
        };
    StringBuilder text = new StringBuilder();
    KernelLayout kernel = KernelLayout.of(btf, architecture);
    // The raw tracepoints get the programs of sys_exit.
    for (Hook hook : List.of(Hook.SOCKET, Hook.SYS_EXIT)) {
      for (Capture.Placed placed : Capture.programs(kernel, hook, FILTER)) {
        Program program = placed.program();
        text.append(placed.tracepoint()).append(' ').append(program.name()).append('\n');
        text.append(Disassembler.print(program)).append('\n');
        assertThat(program.instructions().size())
            .as("instructions of " + program.name())
            .isLessThan(hook == Hook.SOCKET ? LONGEST : LONGEST_FALLBACK);
      }
    }
    for (Program program :
        List.of(
            TlsPrograms.entered(kernel, false),
            TlsPrograms.entered(kernel, true),
            TlsPrograms.returned(kernel, false),
            TlsPrograms.returned(kernel, true),
            TlsPrograms.returnedEx(kernel, false),
            TlsPrograms.returnedEx(kernel, true),
            TlsPrograms.handshaking(kernel),
            TlsPrograms.shaken(),
            TlsPrograms.freed(kernel),
            GoTlsPrograms.reading(kernel),
            GoTlsPrograms.writing(kernel),
            GoTlsPrograms.read(kernel),
            GoTlsPrograms.written(kernel),
            GoTlsPrograms.handshaking(kernel),
            GoTlsPrograms.shaken(kernel),
            GoTlsPrograms.closed(kernel))) {
      text.append("uprobe ").append(program.name()).append('\n');
      text.append(Disassembler.print(program)).append('\n');
      assertThat(program.instructions().size()).isLessThan(LONGEST);
    }
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
