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
  void tlsOfProgramsThatPeopleRunIsNamedAsWhatItIs() throws Exception {
    String other =
        "if any, %s is not read: end TLS before it, in a proxy such as nginx,"
            + " or instrument it with OpenTelemetry";
    assertThat(
            tls(
                List.of(
                    ProcessHandle.current().info().command().orElse("java"),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Waiting.class.getName())))
        .isEqualTo(other.formatted("TLS of Java"));
    if (Files.isExecutable(Path.of("/usr/bin/python3"))) {
      String load =
          "import ctypes, ctypes.util, sys; name = %s; name and ctypes.CDLL(name);"
              + " print('ready' if name else 'absent', flush=True); sys.stdin.read()";
      assertThat(tls(python(load.formatted("ctypes.util.find_library('gnutls')"))))
          .isIn(other.formatted("TLS of GnuTLS"), "absent");
      assertThat(tls(python(load.formatted("ctypes.util.find_library('ssl')"))))
          .isIn("of OpenSSL: seen, in a library", "absent");
      assertThat(tls(python("import sys; print('ready', flush=True); sys.stdin.read()")))
          .isEqualTo(
              "if any, TLS of a library without symbols is not read: let it use a shared OpenSSL 3,"
                  + " or end TLS before it, in a proxy such as nginx");
    }
    if (Files.isExecutable(Path.of("/usr/bin/node"))) {
      String script = "require('tls'); console.log('ready'); process.stdin.resume()";
      assertThat(tls(List.of("/usr/bin/node", "-e", script)))
          .matches("of OpenSSL: seen, in (the executable|a library)");
    }
  }

  private static List<String> python(String script) {
    return List.of("/usr/bin/python3", "-c", script);
  }

  /** Says that it is there, and waits. */
  static final class Waiting {
    private Waiting() {}

    public static void main(String[] args) throws java.io.IOException {
      System.out.println("ready");
      System.in.readAllBytes();
    }
  }

  /** What is said of the TLS of a program that tells when it is there. */
  private static String tls(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (BufferedReader out = process.inputReader()) {
      String said = out.readLine();
      if ("absent".equals(said)) {
        return said;
      }
      assertThat(said).as("%s", command).isEqualTo("ready");
      return TargetSights.examine(List.of(Selector.ofProcess((int) process.pid())), List.of())
          .stream()
          .filter(check -> check.subject().equals("  TLS"))
          .map(check -> check.detail().replaceFirst("in /\\S+", "in a library"))
          .findFirst()
          .orElse("nothing");
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
