package dev.troth.cli.observe;

import static java.util.Objects.requireNonNull;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.ExitCode;
import dev.troth.cli.command.Printable;
import dev.troth.observe.agent.Agent;
import dev.troth.observe.agent.Exporters;
import dev.troth.observe.agent.Observation;
import dev.troth.observe.agent.SpanOutputs;
import dev.troth.observe.config.ConfigReader;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.config.Otlp;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.kernel.Capabilities;
import dev.troth.observe.kernel.KernelException;
import dev.troth.observe.log.LogSink;
import dev.troth.observe.metrics.PrometheusText;
import dev.troth.observe.metrics.RequestMetrics;
import dev.troth.observe.metrics.ScrapeServer;
import dev.troth.observe.otlp.LogExporter;
import dev.troth.observe.otlp.MetricExporter;
import dev.troth.observe.otlp.SpanExporter;
import dev.troth.observe.print.LiveTable;
import dev.troth.observe.print.SpanLines;
import dev.troth.observe.span.SpanSink;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Watches processes until it is interrupted. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Watches processes, found by port, number or executable, until Ctrl-C.",
      "Without --otlp or an exporter in the configuration, spans are printed.",
      "Needs root, or the capabilities BPF, PERFMON and SYS_PTRACE, with --propagate NET_ADMIN,"
          + " too. Changes nothing in the processes, and without --propagate nothing in what they"
          + " send."
    })
final class ObserveRunCommand implements Callable<Integer> {
  /** What every terminal has; the busiest rows come first. */
  private static final int TERMINAL_LINES = 24;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private ObserveOptions options = new ObserveOptions();

  @Override
  public Integer call() throws IOException {
    ConfigReader.Reading reading = options.read();
    ObserveConfig config = reading.config();
    if (config.instrument().isEmpty()) {
      throw CommandException.usage(
          "nothing to watch: give --port, --pid, --exe, --cgroup, --all or a configuration with"
              + " discovery.instrument");
    }
    requireProcesses(config);
    Optional<String> missing = Capabilities.missing();
    if (missing.isPresent()) {
      throw CommandException.failed(missing.get());
    }
    if (config.propagates()) {
      requireNetwork();
      try (LoadingThread loading = LoadingThread.start()) {
        Capabilities.keepOnlyNeeded();
        return run(reading, outputs -> loading.open(() -> Observation.open(config, outputs)));
      }
    }
    Capabilities.keepOnlyNeeded();
    return run(reading, outputs -> Observation.open(config, outputs));
  }

  /** How the programs come into the kernel. */
  private interface Opening {
    Observation open(SpanOutputs outputs) throws IOException;
  }

  private int run(ConfigReader.Reading reading, Opening opening) throws IOException {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    PrintWriter err = requireNonNull(spec).commandLine().getErr();
    ObserveConfig config = reading.config();
    reading.notes().forEach(note -> err.println("note: " + note));
    err.flush();
    List<SpanSink> sinks = new ArrayList<>();
    Optional<SpanExporter> exporter =
        config
            .exports()
            .otlp()
            .filter(Otlp::traces)
            .map(otlp ->
                Exporters.spans(otlp, config.limits().queueSpans(), line -> say(err, line)));
    exporter.ifPresent(sinks::add);
    if (config.exports().print() || exporter.isEmpty()) {
      sinks.add(printer(out));
    }
    RequestMetrics metrics = new RequestMetrics();
    config
        .exports()
        .otlp()
        .filter(Otlp::metrics)
        .ifPresent(otlp -> sinks.add(Exporters.metrics(otlp, metrics, line -> say(err, line))));
    Optional<LogExporter> lines =
        config
            .exports()
            .otlp()
            .filter(otlp -> config.exports().logs())
            .map(otlp ->
                Exporters.lines(otlp, config.limits().queueSpans(), line -> say(err, line)));
    LogSink sink = lines.map(LogSink.class::cast).orElse(LogSink.NONE);
    try (Observation observation =
        opening.open(new SpanOutputs(sinks, metrics, line -> say(err, line), sink))) {
      if (config.propagates()) {
        say(
            err,
            "traceparent is written into requests that have none; connections that are open"
                + " already are left as they are");
      }
      serveMetrics(config, observation);
      Optional<MetricExporter> heartbeat = heartbeat(config, observation.agent(), exporter, err);
      return watch(
          observation,
          err,
          () -> {
            sinks.forEach(SpanSink::close);
            heartbeat.ifPresent(MetricExporter::close);
            lines.ifPresent(LogExporter::close);
            Summary.of(observation.agent().counters(), observation.agent().sights(), exporter)
                .forEach(line -> say(err, line));
            lines.ifPresent(sent -> say(err, Summary.of(metrics.logs(), sent.dropped())));
          });
    } catch (KernelException | NoSuchElementException refused) {
      throw CommandException.failed(String.valueOf(refused.getMessage()));
    }
  }

  /** Tells the receiver of metrics that the agent is there; it says itself when that fails. */
  private static Optional<MetricExporter> heartbeat(
      ObserveConfig config, Agent agent, Optional<SpanExporter> exporter, PrintWriter err) {
    return config
        .exports()
        .otlp()
        .filter(Otlp::metrics)
        .map(otlp ->
            Exporters.heartbeat(
                otlp,
                agent,
                () -> exporter.map(SpanExporter::dropped).orElse(Map.of()),
                line -> say(err, "heartbeat: " + line)));
  }

  private static void requireNetwork() {
    if (!Capabilities.ofThisProcess().has(Capabilities.Capability.NET_ADMIN)) {
      throw CommandException.failed(
          "--propagate needs the capability CAP_NET_ADMIN: run as root, or grant it");
    }
  }

  /** A process that is named by its number is there, or the number is a mistake. */
  private static void requireProcesses(ObserveConfig config) {
    for (Selector selector : config.instrument()) {
      if (selector.process().isPresent()
          && !Files.exists(Path.of("/proc", Integer.toString(selector.process().getAsInt())))) {
        throw CommandException.usage(
            "pid is " + selector.process().getAsInt() + ", but there is no such process");
      }
    }
  }

  /** A table that is kept up to date on a terminal, else lines. */
  @SuppressWarnings("SystemConsoleNull") // with the console of java.base it is, for a pipe
  private static SpanSink printer(PrintWriter out) {
    Console console = System.console();
    return console != null && console.isTerminal()
        ? new LiveTable(out, TERMINAL_LINES)
        : new SpanLines(out);
  }

  /** The port stays open until the process ends. */
  private static void serveMetrics(ObserveConfig config, Observation observation) {
    if (config.exports().prometheusPort().isEmpty()) {
      return;
    }
    int port = config.exports().prometheusPort().getAsInt();
    PrometheusText metrics =
        new PrometheusText(observation.agent().metrics(), observation.agent()::counters);
    try {
      ScrapeServer.start(port, metrics::writeTo);
    } catch (IOException taken) {
      throw CommandException.usage(
          "prometheus port is " + port + ", which cannot be opened: " + taken.getMessage());
    }
  }

  /** Watches until a signal; the process does not end before the farewell is done. */
  private static int watch(Observation observation, PrintWriter err, Runnable farewell) {
    int targets = observation.agent().attach();
    say(err, "attached; " + (targets == 0 ? "no target yet" : Summary.counted(targets, "target")));
    // The kernel's types are garbage by now; the heap that they took goes back to the machine.
    System.gc();
    CountDownLatch ended = new CountDownLatch(1);
    Thread stop =
        new Thread(() -> {
          observation.agent().stop();
          await(ended);
        });
    Runtime.getRuntime().addShutdownHook(stop);
    int status = ExitCode.OK;
    try {
      observation.agent().run();
    } catch (RuntimeException fault) {
      say(err, "ended by a fault of its own: " + fault);
      status = ExitCode.FAILED;
    }
    try {
      farewell.run();
      return status;
    } finally {
      ended.countDown();
    }
  }

  private static void say(PrintWriter err, String line) {
    err.println("observe: " + Printable.line(line));
    err.flush();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
