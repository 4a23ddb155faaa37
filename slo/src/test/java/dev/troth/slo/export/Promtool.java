package dev.troth.slo.export;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A program of Prometheus's, run on files in a folder. */
public record Promtool(int exit, String said) {
  /** Runs {@code promtool} or {@code amtool}; the test is skipped where it is missing. */
  public static Promtool run(Path folder, String program, String... arguments) throws Exception {
    Optional<Path> found = found(program);
    assumeTrue(
        found.isPresent(),
        "no %s: apt-get install %s"
            .formatted(
                program, program.equals("amtool") ? "prometheus-alertmanager" : "prometheus"));
    List<String> command =
        Stream.concat(Stream.of(found.orElseThrow().toString()), Stream.of(arguments)).toList();
    Path said = Files.createTempFile(folder, program, ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    return new Promtool(process.waitFor(), read(said));
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  private static Optional<Path> found(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
