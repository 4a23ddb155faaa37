package dev.troth.observe.agent;

import dev.troth.observe.btf.Btf;
import dev.troth.observe.capture.Capture;
import dev.troth.observe.capture.Filter;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.discovery.Discovery;
import dev.troth.observe.discovery.ProcessTable;
import dev.troth.observe.exchange.Protocol;
import dev.troth.observe.kernel.Architecture;
import dev.troth.observe.kernel.Bpf;
import dev.troth.observe.kernel.KernelException;
import dev.troth.observe.log.LogWatch;
import dev.troth.observe.log.WriteProbes;
import dev.troth.observe.metrics.RequestMetrics;
import dev.troth.observe.propagation.Propagation;
import dev.troth.observe.span.Correlation;
import dev.troth.observe.span.SpanPolicy;
import dev.troth.observe.span.SpanSink;
import dev.troth.observe.span.SpanWriter;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SplittableRandom;

/** An agent on this machine, with its programs loaded. Closing it leaves nothing behind. */
public final class Observation implements AutoCloseable {
  private static final Path KERNEL_TYPES = Path.of("/sys/kernel/btf/vmlinux");
  private static final int PIECE = 1 << 13;
  private static final Path PROC = Path.of("/proc");

  private final Capture capture;
  private final Agent agent;
  private final List<SpanSink> sinks;

  private Observation(Capture capture, Agent agent, List<SpanSink> sinks) {
    this.capture = capture;
    this.agent = agent;
    this.sinks = sinks;
  }

  /** Loads the programs; {@link KernelException} when the kernel refuses. */
  public static Observation open(ObserveConfig config, List<SpanSink> sinks) throws IOException {
    return open(config, new SpanOutputs(sinks, new RequestMetrics(), line -> {}));
  }

  /** As {@link #open(ObserveConfig, List)}, with metrics and words that the caller reads. */
  public static Observation open(ObserveConfig config, SpanOutputs outputs) throws IOException {
    return open(config, outputs, Clocks.SYSTEM);
  }

  static Observation open(ObserveConfig config, SpanOutputs outputs, Clocks clocks)
      throws IOException {
    List<SpanSink> sinks = outputs.sinks();
    List<Protocol> protocols = Protocols.all(config.headers().names());
    Bpf bpf = new Bpf(Architecture.ofThisMachine());
    Btf types = kernelTypes();
    Capture capture = capture(config, protocols, bpf, types);
    Optional<WriteProbes> writes =
        config.exports().logs()
            ? Optional.of(lines(bpf, types, capture, config.limits().ringBytes()))
            : Optional.empty();
    ProcessTable table = new ProcessTable(PROC);
    Discovery discovery =
        new Discovery(
            table,
            config.instrument(),
            config.exclude(),
            (int) ProcessHandle.current().pid(),
            hostName());
    Correlation correlation =
        new Correlation(
            new SplittableRandom(),
            (process, thread) -> table.threadName(process, thread).orElse(""));
    SpanPolicy policy =
        new SpanPolicy(
            new SpanWriter(
                config.routing().routes(), config.headers(), config.exports().oldNames()),
            config.sampler(),
            config.filter());
    Agent agent =
        new Agent(
            capture,
            discovery,
            correlation,
            policy,
            outputs,
            new Reading(
                protocols,
                Receiver.of(config.exports().localReceiver()),
                new LogWatch(
                    writes,
                    discovery,
                    correlation,
                    new LogWatch.Outlet(outputs.lines(), outputs.metrics().logs(), outputs.log()))),
            clocks);
    agent.limitCpu(config.limits().cpuPercent());
    return new Observation(capture, agent, sinks);
  }

  private static WriteProbes lines(Bpf bpf, Btf types, Capture capture, int ringBytes) {
    try {
      WriteProbes writes = WriteProbes.load(bpf, types, capture, ringBytes);
      capture.add(writes);
      return writes;
    } catch (KernelException | NoSuchElementException refused) {
      capture.close();
      throw refused;
    }
  }

  private static Capture capture(ObserveConfig config, List<Protocol> protocols, Bpf bpf, Btf types)
      throws IOException {
    Filter filter = new Filter(Protocols.signatures(protocols), config.limits().ringBytes());
    Capture capture =
        config
            .hook()
            .map(hook -> Capture.load(bpf, types, hook, filter))
            .orElseGet(() -> Capture.load(bpf, types, filter));
    if (config.propagates()) {
      try {
        capture.add(
            Propagation.load(
                bpf,
                types,
                capture,
                new Propagation.Choice(
                    Propagation.group(),
                    config.sampler().ratio(),
                    config.exports().localReceiver())));
      } catch (KernelException | NoSuchElementException | IOException refused) {
        capture.close();
        throw refused;
      }
    }
    return capture;
  }

  /**
   * The types of the running kernel. Read in pieces, because a read of all 5 MB at once leaves a
   * buffer of that size behind outside of the heap.
   */
  public static Btf kernelTypes() throws IOException {
    try (InputStream in = new FileInputStream(KERNEL_TYPES.toFile())) {
      byte[] bytes = new byte[(int) Files.size(KERNEL_TYPES)];
      int read = 0;
      while (read < bytes.length) {
        int count = in.read(bytes, read, Math.min(PIECE, bytes.length - read));
        if (count < 0) {
          break;
        }
        read += count;
      }
      return Btf.parse(read == bytes.length ? bytes : Arrays.copyOf(bytes, read));
    }
  }

  static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException unreadable) {
      return InetAddress.getLoopbackAddress().getHostName();
    }
  }

  public Agent agent() {
    return agent;
  }

  @Override
  public void close() {
    sinks.forEach(SpanSink::close);
    capture.close();
  }
}
