package dev.troth.observe.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.observe.discovery.Selector;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What can be seen of a process is said before it is watched. */
final class TargetSightsTest {
  @Test
  void whatIsSeenOfAProcessAndWhatIsNotIsListedWithWhatToDo() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "skipped: there is no python3");
    Path script =
        Path.of(
            Objects.requireNonNull(TargetSightsTest.class.getResource("/servers/blind.py"))
                .toURI());
    Process process = new ProcessBuilder("/usr/bin/python3", script.toString()).start();
    try (BufferedReader out = process.inputReader()) {
      int rings = Integer.parseInt(out.readLine().split(" ", -1)[1]);
      List<Check> checks =
          TargetSights.examine(List.of(Selector.ofProcess((int) process.pid())), List.of());
      assertThat(checks.getFirst())
          .isEqualTo(
              new Check(
                  "blind, process " + process.pid(),
                  Check.State.OK,
                  "what it says in the clear over TCP is seen"));
      assertThat(checks)
          .anyMatch(check ->
              check.subject().equals("  TLS")
                  && check.detail().matches("of OpenSSL: seen, in /\\S+libssl.so\\S*"))
          .contains(
              new Check(
                  "  unix sockets",
                  Check.State.ABSENT,
                  "2 open, not read: let it use a TCP port of loopback instead"));
      assertThat(checks.stream().filter(check -> check.subject().equals("  io_uring")).toList())
          .isEqualTo(
              rings == 0
                  ? List.of()
                  : List.of(
                      new Check(
                          "  io_uring",
                          Check.State.ABSENT,
                          "1 open, not read: turn io_uring off in the program")));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void thatNoProcessFitsIsSaid() {
    assertThat(TargetSights.examine(List.of(Selector.ofExecutable("/nowhere/*")), List.of()))
        .containsExactly(
            new Check("targets", Check.State.MISSING, "no process fits what was asked for"));
  }
}
