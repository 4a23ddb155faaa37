package dev.troth.cli;

import static java.util.Objects.requireNonNull;

import dev.troth.observe.agent.Observation;
import dev.troth.observe.agent.SpanSink;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.kernel.KernelException;
import dev.troth.observe.print.SpanLines;
import dev.troth.observe.discovery.Selector;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Watches processes until it is interrupted. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Watches processes, found by port, number or executable, until Ctrl-C.")
final class ObserveRunCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "PORTS",
      description = "Processes that listen on one of these: 3000 or 80,8000-8999.")
  private List<String> ports = List.of();

  @Option(names = "--pid", paramLabel = "N", description = "The process of this number.")
  private List<Integer> processes = List.of();

  @Option(
      names = "--exe",
      paramLabel = "GLOB",
      description = "Processes whose executable's path fits: '*/node'.")
  private List<String> executables = List.of();

  @Override
  public Integer call() throws IOException {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    ObserveConfig config = ObserveConfig.defaults().withInstrument(selectors());
    if (config.instrument().isEmpty()) {
      throw CommandException.usage("nothing to watch: give --port, --pid or --exe");
    }
    List<SpanSink> sinks = List.of(new SpanLines(out));
    try (Observation observation = Observation.open(config, sinks)) {
      int targets = observation.agent().attach();
      out.printf("attached; %d %s%n", targets, targets == 1 ? "target" : "targets");
      out.flush();
      CountDownLatch ended = new CountDownLatch(1);
      Thread stop =
          new Thread(() -> {
            observation.agent().stop();
            await(ended);
          });
      Runtime.getRuntime().addShutdownHook(stop);
      try {
        observation.agent().run();
      } finally {
        out.flush();
        ended.countDown();
      }
      return ExitCode.OK;
    } catch (KernelException refused) {
      throw CommandException.failed(String.valueOf(refused.getMessage()));
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Selector> selectors() {
    try {
      List<Selector> selectors = new ArrayList<>();
      ports.forEach(text -> selectors.add(Selector.ofPorts(text)));
      processes.forEach(process -> selectors.add(Selector.ofProcess(process)));
      executables.forEach(glob -> selectors.add(Selector.ofExecutable(glob)));
      return selectors;
    } catch (IllegalArgumentException wrong) {
      throw CommandException.usage(String.valueOf(wrong.getMessage()));
    }
  }
}
