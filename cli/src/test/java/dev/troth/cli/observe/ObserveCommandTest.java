package dev.troth.cli.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.cli.Troth;
import dev.troth.cli.command.ExitCode;
import dev.troth.observe.config.ConfigReader;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.config.Otlp;
import dev.troth.observe.discovery.Glob;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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

  /** Runs the command in a process that holds no capability. */
  private Ended unprivileged(List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      assumeTrue(
          Files.isExecutable(Path.of("/usr/bin/setpriv")),
          "running without the privilege is skipped: setpriv is not installed");
      command.addAll(List.of("/usr/bin/setpriv", "--bounding-set", "-all", "--inh-caps", "-all"));
    }
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Troth.class.getName()));
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
