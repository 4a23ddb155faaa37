package dev.troth.orders.process;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.orders.store.Store;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process from the outside: how it starts, how it ends, what it says. */
final class DaemonTest {
  @TempDir private Path folder;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void endAll() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void saysItsPortAndEndsWhenItsInputCloses() throws Exception {
    Process store = start("--port", "0", "--data", folder.resolve("o.db").toString(), "--tethered");

    assertThat(firstLine(store)).matches("ready [1-9]\\d*");
    store.getOutputStream().close();
    assertThat(store.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(store.exitValue()).isZero();
  }

  @Test
  void endsOnSigterm() throws Exception {
    Process store = start("--port", "0", "--data", folder.resolve("o.db").toString());

    assertThat(firstLine(store)).startsWith("ready");
    store.destroy();
    assertThat(store.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aPortInUseIsOneLineAndExit3() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      Process store = start("--port", port, "--data", folder.resolve("o.db").toString());

      assertThat(store.waitFor()).isEqualTo(3);
      assertThat(errors())
          .containsExactly("store: cannot listen on port " + port + ": Address already in use");
    }
  }

  @Test
  void aMistakeOnTheCommandLineIsOneLineAndExit2() throws Exception {
    assertThat(start("--port", "high").waitFor()).isEqualTo(2);
    assertThat(errors())
        .containsExactly("store: --port is 'high', expected a whole number from 0 to 65535");
  }

  @Test
  void aFolderThatCannotBeIsOneLineAndExit3() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));

    assertThat(start("--port", "0", "--data", file.resolve("o.db").toString()).waitFor())
        .isEqualTo(3);
    assertThat(errors()).singleElement().asString().startsWith("store: ").contains("file");
  }

  private Process start(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                Store.class.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(folder.resolve("err").toFile()).start();
    started.add(process);
    return process;
  }

  /** As in production: the logging that test libraries bring along is left out. */
  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.contains("slf4j"))
        .collect(joining(File.pathSeparator));
  }

  private static String firstLine(Process process) throws IOException {
    try (BufferedReader out = process.inputReader()) {
      return out.readLine();
    }
  }

  private List<String> errors() throws IOException {
    return Files.readAllLines(folder.resolve("err"));
  }
}
