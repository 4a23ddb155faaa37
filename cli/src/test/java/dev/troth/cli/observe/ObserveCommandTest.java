package dev.troth.cli.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.cli.Troth;
import dev.troth.cli.command.ExitCode;
import dev.troth.observe.agent.Observation;
import dev.troth.observe.config.ConfigReader;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.config.Otlp;
import dev.troth.observe.discovery.Glob;
import dev.troth.observe.kernel.Architecture;
import dev.troth.observe.kernel.Bpf;
import dev.troth.observe.kernel.Capabilities;
import dev.troth.observe.propagation.Propagation;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ObserveCommandTest {
  @TempDir private Path folder = Path.of("");

  private record Ended(int status, String out, String err) {}

  @Test
  void a_short_configuration_is_understood_as_it_is() throws Exception {
    ObserveOptions options =
        CommandLine.populateCommand(new ObserveOptions(), "--config", agent().toString());
    ConfigReader.Reading reading = ConfigReader.read(options.data(), Map.of(), Set::of);
    ObserveConfig config = reading.config();
    Otlp otlp = config.exports().otlp().orElseThrow();
    assertThat(otlp.endpoint()).isEqualTo(URI.create("http://localhost:4317"));
    assertThat(otlp.protocol()).isEqualTo(Otlp.Protocol.GRPC);
    assertThat(config.instrument())
        .singleElement()
        .extracting(one -> one.name().orElseThrow())
        .isEqualTo("orders-api");
    assertThat(config.filter().localAddresses()).containsExactlyInAnyOrder("eth0", "lo");
    assertThat(config.filter().included())
        .containsExactly(new Glob("/orders"), new Glob("/orders/*"));
    assertThat(config.sampler().ratio()).isEqualTo(0.1);
    assertThat(reading.notes()).anyMatch(note -> note.contains("language is 'auto': not needed"));
  }

  @Test
  void without_the_privilege_one_line_says_what_is_missing() throws Exception {
    for (List<String> command :
        List.of(
            List.of("observe", "run", "--config", agent().toString()),
            List.of("observe", "doctor"),
            List.of("observe", "bench", "--port", "1"))) {
      Ended ended = unprivileged(command);
      assertThat(ended.status).as("%s: %s", command, ended.err).isEqualTo(ExitCode.FAILED);
      assertThat(ended.out).isEmpty();
      assertThat(ended.err.strip().lines())
          .singleElement()
          .asString()
          .contains("CAP_BPF, CAP_PERFMON, CAP_SYS_PTRACE")
          .contains("run as root, or grant them");
    }
  }

  @Test
  void a_process_that_is_not_there_is_a_mistake() throws Exception {
    Ended ended = unprivileged(List.of("observe", "run", "--pid", "4194305"));
    assertThat(ended.status).as(ended.err).isEqualTo(ExitCode.USAGE);
    assertThat(ended.err).contains("pid is 4194305, but there is no such process");
  }

  @Test
  void all_names_every_process_and_no_other_option_beside_it() throws Exception {
    ObserveOptions options = CommandLine.populateCommand(new ObserveOptions(), "--all");
    ObserveConfig config = ConfigReader.read(options.data(), Map.of(), Set::of).config();
    assertThat(config.instrument())
        .singleElement()
        .satisfies(
            one -> assertThat(one.executable().orElseThrow().matches("/usr/sbin/nginx")).isTrue());
    Ended ended = unprivileged(List.of("observe", "run", "--all", "--port", "3000"));
    assertThat(ended.status).as(ended.err).isEqualTo(ExitCode.USAGE);
    assertThat(ended.err).contains("--all names every process");
  }

  @Test
  void propagation_is_off_until_it_is_asked_for() throws Exception {
    for (List<String> arguments : List.of(List.of("--all"), List.of("--all", "--propagate"))) {
      ObserveOptions options =
          CommandLine.populateCommand(new ObserveOptions(), arguments.toArray(String[]::new));
      assertThat(ConfigReader.read(options.data(), Map.of(), Set::of).config().propagates())
          .isEqualTo(arguments.contains("--propagate"));
    }
    Path file = Files.writeString(folder.resolve("wrong.yaml"), "propagate: perhaps\n");
    Ended ended = unprivileged(List.of("observe", "run", "--config", file.toString()));
    assertThat(ended.status).as(ended.err).isEqualTo(ExitCode.USAGE);
    assertThat(ended.err).contains("propagate is 'perhaps', expected true or false");
  }

  @Test
  void propagation_without_its_capability_is_refused_in_one_line() throws Exception {
    assumeTrue(
        Capabilities.missing().isEmpty() && "root".equals(System.getProperty("user.name")),
        "kernel tests are skipped: no privilege");
    long self = ProcessHandle.current().pid();
    Ended ended =
        without("-net_admin", List.of("observe", "run", "--propagate", "--pid", "" + self));
    assertThat(ended.status).as(ended.err).isEqualTo(ExitCode.FAILED);
    assertThat(ended.err.strip())
        .endsWith("--propagate needs the capability CAP_NET_ADMIN: run as root, or grant it");
  }

  @Test
  void the_capability_for_propagation_is_given_up_once_it_is_loaded() throws Exception {
    assumeTrue(
        Capabilities.ofThisProcess().has(Capabilities.Capability.NET_ADMIN)
            && Capabilities.missing().isEmpty(),
        "kernel tests are skipped: no privilege");
    assumeTrue(
        Propagation.refusal(new Bpf(Architecture.ofThisMachine()), Observation.kernelTypes())
            .isEmpty(),
        "tests of propagation are skipped: this kernel refuses it");
    List<String> command = new ArrayList<>(java());
    long self = ProcessHandle.current().pid();
    command.addAll(
        List.of(
            "observe", "run", "--propagate", "--pid", "" + self, "--otlp", "http://127.0.0.1:9"));
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(err.toFile())
            .start();
    try {
      Awaitility.await()
          .atMost(1, TimeUnit.MINUTES)
          .until(() -> Files.readString(err).contains("attached; 1 target"));
      assertThat(Files.readString(err)).contains("connections that are open already are left");
      assertThat(threads(process.pid()))
          .contains("java", "observe-export")
          .doesNotContain("observe-load");
      for (String thread : threads(process.pid())) {
        if (thread.startsWith("observe")) {
          assertThat(holders(process.pid(), thread)).as(thread).isZero();
        }
      }
      // The thread that the launcher began with only waits for the one that works.
      assertThat(holders(process.pid(), "java")).isEqualTo(1);
    } finally {
      process.destroyForcibly();
    }
  }

  /** The names of the threads of a process. */
  private static List<String> threads(long process) throws Exception {
    List<String> names = new ArrayList<>();
    for (Path task : tasks(process)) {
      names.add(name(task));
    }
    return names;
  }

  /** How many threads of this name hold NET_ADMIN. */
  private static long holders(long process, String thread) throws Exception {
    long holding = 0;
    for (Path task : tasks(process)) {
      if (name(task).equals(thread)) {
        String bits =
            Files.readAllLines(task.resolve("status")).stream()
                .filter(line -> line.startsWith("CapEff:"))
                .findFirst()
                .orElseThrow()
                .substring(7)
                .strip();
        holding += Long.parseUnsignedLong(bits, 16) >> 12 & 1;
      }
    }
    return holding;
  }

  private static List<Path> tasks(long process) throws Exception {
    try (Stream<Path> all = Files.list(Path.of("/proc", "" + process, "task"))) {
      return all.toList();
    }
  }

  private static String name(Path task) throws Exception {
    return Files.readString(task.resolve("comm")).strip();
  }

  private static List<String> java() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin/java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        Troth.class.getName());
  }

  /** Runs the command in a process that holds no capability. */
  private Ended unprivileged(List<String> arguments) throws Exception {
    return without("-all", arguments);
  }

  /** Runs the command in a process that lacks capabilities. */
  private Ended without(String capabilities, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      assumeTrue(
          Files.isExecutable(Path.of("/usr/bin/setpriv")),
          "running without the privilege is skipped: setpriv is not installed");
      command.addAll(
          List.of("/usr/bin/setpriv", "--bounding-set", capabilities, "--inh-caps", capabilities));
    }
    command.addAll(java());
    command.addAll(arguments);
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("ends by itself").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Ended(
        process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }

  private Path agent() throws Exception {
    return Path.of(ObserveCommandTest.class.getResource("/observe/agent.yaml").toURI());
  }
}
