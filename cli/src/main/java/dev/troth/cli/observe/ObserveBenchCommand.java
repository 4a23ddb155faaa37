package dev.troth.cli.observe;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.observe.agent.CostBench;
import dev.troth.observe.agent.Load;
import dev.troth.observe.agent.Observation;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.kernel.Capabilities;
import dev.troth.observe.kernel.KernelException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures what being watched costs a process of the user's own. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measures what being watched costs a process that listens on a port of this machine.",
      "Sends it a constant load of GET requests while watching is switched off, on, and on for"
          + " others only, in turns."
    })
final class ObserveBenchCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--port", required = true, paramLabel = "N", description = "Where it listens.")
  private int port;

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "What is asked for: ${DEFAULT-VALUE}.")
  private String path = "/";

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Rounds of three slices: ${DEFAULT-VALUE}.")
  private int rounds = 40;

  @Option(
      names = "--slice",
      paramLabel = "MILLIS",
      description = "How long a slice is: ${DEFAULT-VALUE} ms.")
  private int slice = 400;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "How many connections ask at once: ${DEFAULT-VALUE}.")
  private int connections = 8;

  @Override
  public Integer call() throws IOException {
    if (rounds < 1 || slice < 50 || connections < 1) {
      throw CommandException.usage(
          "--rounds and --connections are at least 1, --slice at least 50");
    }
    Optional<String> lacking = Capabilities.missing();
    if (lacking.isPresent()) {
      throw CommandException.failed(lacking.get());
    }
    ObserveConfig config =
        ObserveConfig.defaults().withInstrument(List.of(Selector.ofPorts(Integer.toString(port))));
    try (Observation observation = Observation.open(config, List.of())) {
      CostBench bench =
          new CostBench(observation, new Load(port, path, connections), Duration.ofMillis(slice));
      print(bench.run(rounds));
      return ExitCode.OK;
    } catch (IllegalStateException nobody) {
      throw CommandException.usage("port " + port + ": " + nobody.getMessage());
    } catch (KernelException | NoSuchElementException refused) {
      throw CommandException.failed(String.valueOf(refused.getMessage()));
    }
  }

  private void print(CostBench.Result result) {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    out.printf(
        "%d rounds of off, on and control; medians [quartiles] of ratios within a round%n",
        result.rounds());
    out.printf("processor time a request, off   %.1f us%n", result.offMicros());
    out.printf("processor time, on / off        %s%n", result.ratios().on());
    out.printf("  control / off                 %s%n", result.ratios().control());
    out.printf("throughput, on / off            %s%n", result.ratios().throughput());
    out.printf(
        "latency p50, off and on         %.0f and %.0f us%n",
        result.off().p50(), result.watched().p50());
    out.printf(
        "latency p99, off and on         %.0f and %.0f us%n",
        result.off().p99(), result.watched().p99());
    out.printf("the agent, a request            %.2f us%n", result.agentMicros());
    out.printf("the agent, memory               %d MB%n", result.residentBytes() >> 20);
    out.printf(
        "events, lost, requests          %,d, %,d, %,d%n",
        result.counters().events(), result.counters().lost(), result.counters().requests());
    out.flush();
  }
}
