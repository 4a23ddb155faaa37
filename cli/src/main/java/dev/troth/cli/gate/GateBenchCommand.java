package dev.troth.cli.gate;

import dev.troth.cli.command.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code troth gate bench}: the table of figures, measured here and now. */
@Command(
    name = "bench",
    description = {
      "Measures the hosts of gate beside the service that they replace: cold start, memory,",
      "requests and CPU. Needs a checkout that was packaged with -Pnative, wrk and npm."
    },
    mixinStandardHelpOptions = true)
final class GateBenchCommand implements Callable<Integer> {
  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "200",
      description = "Cold starts of the native host; a tenth of it for the others (default: 200).")
  private int runs;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "4",
      description = "How long each host is under load (default: 4).")
  private int seconds;

  @Override
  public Integer call() throws InterruptedException {
    Path script = Path.of(System.getProperty("troth.home", "."), "bench/gate/bench.sh");
    if (!Files.isExecutable(script)) {
      throw CommandException.usage(script + " is not there: run ./troth from a checkout");
    }
    try {
      return new ProcessBuilder(script.toString(), String.valueOf(runs), String.valueOf(seconds))
          .inheritIO()
          .start()
          .waitFor();
    } catch (IOException e) {
      throw CommandException.failed(script + ": " + e.getMessage());
    }
  }
}
