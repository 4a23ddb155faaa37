package dev.troth.observe.agent;

import dev.troth.observe.discovery.Target;
import dev.troth.observe.metrics.AgentCounters;
import dev.troth.observe.metrics.OwnUse;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures what being watched costs a process: under a constant load, short slices with the
 * programs off, on, and on for others only (the control: attached, but this process is no target)
 * follow each other in changing order; each slice tells processor time per request, throughput and
 * latency. Ratios are taken within a round, so that what else the machine does falls out.
 */
public final class CostBench {
  private static final long TURN_NANOS = 20_000_000;

  /** Time after a change before a slice is measured. */
  private static final long SETTLE_NANOS = 30_000_000;

  private enum Mode {
    OFF,
    ON,
    CONTROL
  }

  /** One slice: nanoseconds of processor time a request, requests a second, latencies. */
  private record Slice(double cpu, double rate, double p50Micros, double p99Micros) {}

  /** A median with its quartiles. */
  public record Spread(double median, double low, double high) {
    static Spread of(double[] values) {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      int n = sorted.length;
      return new Spread(sorted[n / 2], sorted[n / 4], sorted[3 * n / 4]);
    }

    @Override
    public String toString() {
      return "%.3f [%.3f to %.3f]".formatted(median, low, high);
    }
  }

  /** Percentiles of what clients waited, in microseconds. */
  public record Latency(double p50, double p99) {
    private static Latency of(List<Slice> slices) {
      return new Latency(
          median(slices.stream().mapToDouble(Slice::p50Micros).toArray()),
          median(slices.stream().mapToDouble(Slice::p99Micros).toArray()));
    }
  }

  /** Processor time watched and of the control, and throughput watched; each to that of off. */
  public record Ratios(Spread on, Spread control, Spread throughput) {}

  /**
   * What was measured.
   *
   * @param agentMicros processor time of the agent for each request watched, in microseconds
   */
  public record Result(
      int rounds,
      double offMicros,
      Ratios ratios,
      Latency off,
      Latency watched,
      double agentMicros,
      long residentBytes,
      AgentCounters counters) {}

  private final Observation observation;
  private final Load load;
  private final Duration slice;

  /**
   * @param observation not yet attached
   */
  public CostBench(Observation observation, Load load, Duration slice) {
    this.observation = observation;
    this.load = load;
    this.slice = slice;
  }

  /** Runs so many rounds of three slices. */
  public Result run(int rounds) {
    Agent agent = observation.agent();
    agent.attach();
    List<Target> targets = agent.targets();
    if (targets.isEmpty()) {
      throw new IllegalStateException("nobody listens there");
    }
    agent.detach();
    List<Slice> off = new ArrayList<>();
    List<Slice> on = new ArrayList<>();
    List<Slice> control = new ArrayList<>();
    long agentCpu = 0;
    long watched = 0;
    try (Load running = load.start()) {
      pass(agent, 2_000_000_000L);
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < 3; i++) {
          Mode mode = Mode.values()[(round + (round % 2 == 0 ? i : 2 - i)) % 3];
          long requestsBefore = agent.requests();
          long cpuBefore = threadCpu();
          Slice measured = slice(agent, targets, mode, running);
          (mode == Mode.OFF ? off : mode == Mode.ON ? on : control).add(measured);
          if (mode == Mode.ON) {
            agentCpu += threadCpu() - cpuBefore;
            watched += agent.requests() - requestsBefore;
          }
        }
      }
    }
    agent.turn();
    return result(off, on, control, watched == 0 ? 0 : agentCpu / 1e3 / watched, agent);
  }

  private static Result result(
      List<Slice> off, List<Slice> on, List<Slice> control, double agentMicros, Agent agent) {
    int rounds = off.size();
    double[] cpu = new double[rounds];
    double[] other = new double[rounds];
    double[] rate = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      cpu[i] = on.get(i).cpu / off.get(i).cpu;
      other[i] = control.get(i).cpu / off.get(i).cpu;
      rate[i] = on.get(i).rate / off.get(i).rate;
    }
    return new Result(
        rounds,
        median(off.stream().mapToDouble(Slice::cpu).toArray()) / 1e3,
        new Ratios(Spread.of(cpu), Spread.of(other), Spread.of(rate)),
        Latency.of(off),
        Latency.of(on),
        agentMicros,
        OwnUse.now().residentBytes(),
        agent.counters());
  }

  private static double median(double[] values) {
    return Spread.of(values).median();
  }

  private Slice slice(Agent agent, List<Target> targets, Mode mode, Load running) {
    if (mode != Mode.OFF) {
      agent.watchOnly(mode == Mode.ON ? targets : List.of());
      agent.reattach();
    }
    pass(agent, SETTLE_NANOS);
    running.takeLatencies();
    long requests = running.requests();
    long cpu = cpu(targets);
    long begin = System.nanoTime();
    pass(agent, slice.toNanos());
    long end = System.nanoTime();
    double count = Math.max(1, running.requests() - requests);
    Slice measured = new Slice((cpu(targets) - cpu) / count, count * 1e9 / (end - begin), 0, 0);
    long[] latencies = running.takeLatencies();
    if (mode != Mode.OFF) {
      agent.detach();
    }
    return new Slice(
        measured.cpu, measured.rate, percentile(latencies, 50), percentile(latencies, 99));
  }

  private static double percentile(long[] nanos, int percent) {
    Arrays.sort(nanos);
    return nanos.length == 0 ? 0 : nanos[(int) ((long) (nanos.length - 1) * percent / 100)] / 1e3;
  }

  private static void pass(Agent agent, long nanos) {
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(Math.min(left, TURN_NANOS));
      agent.turn();
    }
  }

  private static long threadCpu() {
    return scheduled(Path.of("/proc/thread-self/schedstat"));
  }

  /** Processor time of all threads of the targets, in nanoseconds. */
  private static long cpu(List<Target> targets) {
    long sum = 0;
    for (Target target : targets) {
      Path tasks = Path.of("/proc/" + target.process() + "/task");
      try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
        for (Path thread : threads) {
          sum += scheduled(thread.resolve("schedstat"));
        }
      } catch (IOException | DirectoryIteratorException ended) {
        // counts for nothing from now on
      }
    }
    return sum;
  }

  private static long scheduled(Path file) {
    try {
      String text = Files.readString(file);
      return Long.parseLong(text.substring(0, text.indexOf(' ')));
    } catch (IOException ended) {
      return 0;
    }
  }
}
