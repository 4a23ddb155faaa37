package dev.troth.observe.agent;

import dev.troth.observe.btf.Btf;
import dev.troth.observe.capture.Capture;
import dev.troth.observe.capture.Hook;
import dev.troth.observe.config.ObserveConfig;
import dev.troth.observe.discovery.Discovery;
import dev.troth.observe.discovery.ProcessTable;
import dev.troth.observe.kernel.Architecture;
import dev.troth.observe.kernel.Bpf;
import dev.troth.observe.span.Correlation;
import dev.troth.observe.span.SpanPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;

/** An agent on this machine, with its programs loaded. Closing it leaves nothing behind. */
public final class Observation implements AutoCloseable {
  private static final Path KERNEL_TYPES = Path.of("/sys/kernel/btf/vmlinux");
  private static final Path PROC = Path.of("/proc");

  private final Capture capture;
  private final Agent agent;
  private final List<SpanSink> sinks;

  private Observation(Capture capture, Agent agent, List<SpanSink> sinks) {
    this.capture = capture;
    this.agent = agent;
    this.sinks = sinks;
  }

  /**
   * Loads the programs; {@link dev.troth.observe.kernel.KernelException} when the kernel refuses.
   */
  public static Observation open(ObserveConfig config, List<SpanSink> sinks) throws IOException {
    Bpf bpf = new Bpf(Architecture.ofThisMachine());
    Btf types = kernelTypes();
    Capture capture =
        Capture.load(bpf, types, hook(config, bpf, types), config.limits().ringBytes());
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
            config.routing().routes(), config.sampler(), config.filter(), config.headers());
    Agent agent = new Agent(capture, discovery, correlation, policy, sinks, Clocks.SYSTEM);
    agent.limitCpu(config.limits().cpuPercent());
    return new Observation(capture, agent, sinks);
  }

  private static Hook hook(ObserveConfig config, Bpf bpf, Btf types) {
    return config
        .hook()
        .or(() -> Hook.choose(bpf, types))
        .orElseThrow(() ->
            new NoSuchElementException(
                "this kernel offers no hook to watch sockets: see troth observe doctor"));
  }

  /** The types of the running kernel. */
  public static Btf kernelTypes() throws IOException {
    return Btf.parse(Files.readAllBytes(KERNEL_TYPES));
  }

  private static String hostName() {
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
