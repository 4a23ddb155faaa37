package dev.troth.bench.release;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a command in a folder to its end: what it said on both streams, and its status. */
final class Shell {
  private Shell() {}

  record Ran(int status, String out) {}

  static Ran run(Path folder, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    Path out = Path.of(folder + ".said");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("TROTH_") || name.startsWith("SSH_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("%s ended", command).isTrue();
      return new Ran(process.exitValue(), Files.readString(out, UTF_8));
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  static Ran bash(Path folder, Map<String, String> environment, String script)
      throws IOException, InterruptedException {
    return run(folder, environment, List.of("bash", "-eu", "-o", "pipefail", "-c", script));
  }
}
