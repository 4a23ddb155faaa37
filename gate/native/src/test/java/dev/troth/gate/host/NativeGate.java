package dev.troth.gate.host;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.gate.Tokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of {@code troth-gate} on a free port. */
public final class NativeGate implements AutoCloseable {
  private static final Path OUTPUTS = Path.of("target/native");
  private static final String SMALL = "troth-gate-x86_64";
  private static final String ALL = "troth-gate-all-x86_64";
  private static final List<String> KEYS =
      List.of("JWT_SECRET", "JWT_SECRET_FILE", "GATE_KEYS", "GATE_CONFIG");

  private final Process process;
  private final BufferedReader output;
  private final int port;

  private NativeGate(Process process) throws IOException {
    this.process = process;
    output = new BufferedReader(new InputStreamReader(process.getInputStream(), US_ASCII));
    String line = output.readLine();
    if (line == null || !line.startsWith("gate listens on port ")) {
      throw new IOException("troth-gate said '" + line + "'");
    }
    port = Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
  }

  /** An output of the native build, or the test is skipped. */
  public static Path require(String name) {
    Path path = OUTPUTS.resolve(name);
    assumeTrue(
        Files.exists(path),
        "no native gate: ./build -pl gate/native -am -Pnative verify builds and tests it");
    return path;
  }

  /** Starts one with {@link Tokens#SECRET} and more variables. */
  public static NativeGate start(Map<String, String> more) throws IOException {
    return start(SMALL, more);
  }

  /** The same of the host with all algorithms. */
  static NativeGate startAll(Map<String, String> more) throws IOException {
    return start(ALL, more);
  }

  private static NativeGate start(String program, Map<String, String> more) throws IOException {
    Map<String, String> environment = new HashMap<>(more);
    if (KEYS.stream().noneMatch(environment::containsKey)) {
      environment.put("JWT_SECRET", new String(Tokens.SECRET, US_ASCII));
    }
    return new NativeGate(process(program, environment));
  }

  /** Runs one that is expected to refuse its start; its words and its exit code. */
  public static String refusal(Map<String, String> environment) throws Exception {
    return refusal(SMALL, environment);
  }

  static String refusalOfAll(Map<String, String> environment) throws Exception {
    return refusal(ALL, environment);
  }

  /** What one says and its exit code that is started with arguments. */
  static String answer(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(require(SMALL).toAbsolutePath().toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return answer(process);
  }

  private static String refusal(String program, Map<String, String> environment) throws Exception {
    return answer(process(program, environment));
  }

  private static String answer(Process process) throws Exception {
    // A host that serves says where, and no more: it is not waited for.
    StringBuilder all = new StringBuilder();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), US_ASCII));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      all.append(line).append('\n');
      if (line.startsWith("gate listens")) {
        // Its streams end with it.
        process.destroy();
        break;
      }
    }
    String words = all.toString();
    try {
      assertThat(process.waitFor(10, TimeUnit.SECONDS))
          .as("it serves, and said %s", words)
          .isTrue();
      return process.exitValue() + " " + words.strip();
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process process(String program, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(require(program).toAbsolutePath().toString());
    builder.environment().clear();
    builder.environment().put("PORT", "0");
    builder.environment().putAll(environment);
    return builder.redirectErrorStream(true).start();
  }

  public int port() {
    return port;
  }

  /** The next line that the process says. */
  public String line() throws IOException {
    return String.valueOf(output.readLine());
  }

  public long residentKilobytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("no VmRSS");
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Asks it to stop; its exit code. */
  public int stop() throws InterruptedException {
    process.destroy();
    process.waitFor(10, TimeUnit.SECONDS);
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
