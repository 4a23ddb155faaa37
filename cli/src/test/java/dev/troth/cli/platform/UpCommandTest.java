package dev.troth.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.command.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code troth up} as a process of its own: what its user sees, and how it ends. */
class UpCommandTest {
  @TempDir Path folder;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void endAll() {
    started.forEach(Process::destroyForcibly);
  }

  private Process troth(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.troth.cli.Troth"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("TROTH_"));
    Process process = builder.redirectError(folder.resolve("err").toFile()).start();
    started.add(process);
    return process;
  }

  /** The listeners that would else want ports of their own. */
  private static final List<String> ELSEWHERE =
      List.of("--registry-listen", "off", "--otlp-http", "0", "--otlp-grpc", "0");

  private Process up(String... more) throws IOException {
    return upAt(0, more);
  }

  private Process upAt(int port, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("up", "--data", "data", "--port", String.valueOf(port)));
    arguments.addAll(ELSEWHERE);
    arguments.addAll(List.of(more));
    return troth(arguments.toArray(String[]::new));
  }

  private String errors() throws IOException {
    return Files.readString(folder.resolve("err"));
  }

  private static URI addressOf(Process process) throws IOException {
    BufferedReader out = process.inputReader();
    String line = out.readLine();
    assertThat(line).startsWith("troth is ready at http://127.0.0.1:");
    return URI.create(line.split("[ ,]", 0)[4]);
  }

  private static int exitOf(Process process) throws InterruptedException {
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private void assertRefused(Process process, int exit, String line) throws Exception {
    assertThat(exitOf(process)).isEqualTo(exit);
    assertThat(errors().lines().toList()).hasSize(1);
    assertThat(errors()).contains(line).doesNotContain("\tat ");
  }

  @Test
  void itRunsUntilItIsAskedToStopAndGoesOnWithTheSameData() throws Exception {
    for (int round = 0; round < 2; round++) {
      Process platform = up();
      URI address = addressOf(platform);
      try (HttpClient client = HttpClient.newHttpClient()) {
        HttpResponse<String> ready =
            client.send(
                HttpRequest.newBuilder(address.resolve("/-/ready")).build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(ready.statusCode()).isEqualTo(200);
      }
      platform.destroy();
      assertThat(exitOf(platform)).isZero();
    }
    assertThat(errors()).isEmpty();
  }

  @Test
  void aSecondSignalEndsItAtOnce() throws Exception {
    Process platform = up("--limits-drain", "90s");
    URI address = addressOf(platform);
    try (Socket client = new Socket("127.0.0.1", address.getPort())) {
      client.setSoTimeout(20_000);
      // A request whose body never comes, of which the platform has said that it waits for it.
      client
          .getOutputStream()
          .write(
              ("POST /api/update/1 HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                      + "Content-Type: application/json\r\nContent-Length: 9\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      BufferedReader answer =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
      assertThat(answer.readLine()).isEqualTo("HTTP/1.1 100 Continue");
      platform.destroy();
      Awaitility.await().until(() -> !accepts(address));
      assertThat(platform.isAlive()).isTrue();
      platform.destroy();
      assertThat(exitOf(platform)).isEqualTo(130);
    }
  }

  private static boolean accepts(URI address) {
    try (Socket probe = new Socket("127.0.0.1", address.getPort())) {
      return probe.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  @Test
  void aPortInUseIsOneLine() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertRefused(
          upAt(taken.getLocalPort()),
          ExitCode.FAILED,
          "troth up: http cannot listen on 127.0.0.1:" + taken.getLocalPort());
    }
  }

  @Test
  void dataInUseIsOneLine() throws Exception {
    Process first = up();
    addressOf(first);
    assertRefused(up(), ExitCode.FAILED, "is in use by process " + first.pid());
  }

  @Test
  void aFolderThatCannotBeMadeIsOneLine() throws Exception {
    Files.writeString(folder.resolve("file"), "");
    assertRefused(
        troth("up", "--data", "file/data", "--port", "0"),
        ExitCode.FAILED,
        "data folder file/data");
  }

  @Test
  void aDatabaseThatIsNotOneIsOneLine() throws Exception {
    Path data = Files.createDirectories(folder.resolve("data"));
    Path database = Files.writeString(data.resolve("troth.db"), "this is no database".repeat(100));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
    Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-------"));
    assertRefused(up(), ExitCode.FAILED, "troth.db");
  }

  @Test
  void aBrokenConfigurationFileIsOneLine() throws Exception {
    Files.writeString(folder.resolve("troth.yaml"), "http: [unclosed\n");
    assertRefused(up(), ExitCode.USAGE, "troth.yaml:2: is not YAML");
  }

  @Test
  void anOpenAddressWithoutAuthenticationIsOneLine() throws Exception {
    assertRefused(
        troth("up", "--data", "data", "--http-listen", "0.0.0.0:0"),
        ExitCode.USAGE,
        "http.listen: is 0.0.0.0:0 (--http-listen), expected a loopback address");
  }
}
