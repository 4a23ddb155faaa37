package dev.troth.observe.capture;

import dev.troth.observe.bpf.Program;
import dev.troth.observe.btf.Btf;
import dev.troth.observe.btf.Kind;
import dev.troth.observe.kernel.Bpf;
import dev.troth.observe.kernel.BpfMap;
import dev.troth.observe.kernel.Descriptor;
import dev.troth.observe.kernel.MapSpec;
import dev.troth.observe.kernel.RingBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Consumer;

/**
 * The programs, loaded: processes are added and removed, events drained. Closing it detaches
 * everything. Not thread-safe.
 */
public final class Capture implements AutoCloseable {
  /**
   * What was counted in the kernel since the start.
   *
   * @param lost events that found no room
   * @param shed parts of bodies that were left out so that heads find room
   * @param unreadable messages whose memory could not be read
   */
  public record Counters(long events, long lost, long shed, long unreadable) {}

  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<Descriptor> links = new ArrayList<>();
  private final List<Descriptor> socketPrograms = new ArrayList<>();
  private final Map<String, BpfMap> maps = new HashMap<>();
  private final Bpf bpf;
  private final RingBuffer ring;
  private final Event event = new Event();
  private final Map<String, Descriptor> programs = new LinkedHashMap<>();

  private Capture(Bpf bpf, Btf btf, int ringBytes) {
    this.bpf = bpf;
    for (MapSpec spec : Maps.specs(ringBytes)) {
      BpfMap map = bpf.create(spec);
      open.add(map);
      maps.put(spec.name(), map);
    }
    KernelLayout kernel = KernelLayout.of(btf, bpf.architecture());
    programs(kernel, ringBytes).forEach((tracepoint, program) -> load(btf, tracepoint, program));
    ring = new RingBuffer(bpf, map(Maps.RING));
    open.add(ring);
  }

  /**
   * Loads the programs, not yet attached.
   *
   * @param ringBytes a power of two; holds about 10,000 events in 2 MiB
   */
  public static Capture load(Bpf bpf, Btf btf, int ringBytes) {
    return new Capture(bpf, btf, ringBytes);
  }

  /** Each program by the tracepoint that it is for. */
  static Map<String, Program> programs(KernelLayout kernel, int ringBytes) {
    Map<String, Program> all = new LinkedHashMap<>();
    all.put("sock_send_length", SocketProgram.sending(kernel, ringBytes));
    all.put("sock_recv_length", SocketProgram.receiving(kernel, ringBytes));
    all.put("inet_sock_set_state", ProcessPrograms.socketState(kernel));
    all.put("sched_process_fork", ProcessPrograms.fork(kernel));
    all.put("sched_process_exec", ProcessPrograms.execute(kernel));
    all.put("sched_process_exit", ProcessPrograms.exit(kernel));
    return all;
  }

  private void load(Btf btf, String tracepoint, Program program) {
    int type =
        btf.find(Kind.TYPEDEF, "btf_trace_" + tracepoint)
            .orElseThrow(() ->
                new NoSuchElementException(
                    "this kernel has no tracepoint " + tracepoint + " that BPF can use"));
    Descriptor loaded = bpf.load(program, type, maps);
    open.add(loaded);
    programs.put(tracepoint, loaded);
    if (tracepoint.startsWith("sock_")) {
      socketPrograms.add(loaded);
    }
  }

  /** Attaches all programs; what happens from now on is seen. */
  public void attach() {
    for (Descriptor program : programs.values()) {
      links.add(bpf.attach(program));
    }
  }

  /** Detaches all programs and keeps them loaded. */
  public void detach() {
    links.forEach(Descriptor::close);
    links.clear();
  }

  /** Watches the sockets of a process. */
  public void watch(int process) {
    map(Maps.TARGETS).put(bytes(process), bytes(1));
  }

  /** Stops watching a process. */
  public void ignore(int process) {
    map(Maps.TARGETS).remove(bytes(process));
  }

  /** Asks for no more events of a socket. */
  public void mute(long cookie) {
    byte[] key = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(cookie).array();
    map(Maps.MUTED).put(key, bytes(1));
  }

  /** Hands over the events that wait, at most {@code limit}; returns how many there were. */
  public int drain(int limit, Consumer<Event> receiver) {
    return ring.drain(
        limit,
        (buffer, at, length) -> {
          event.read(buffer, at);
          receiver.accept(event);
        });
  }

  /** The bytes that wait in the ring buffer. */
  public long backlog() {
    return ring.backlog();
  }

  public Counters counters() {
    BpfMap counters = map(Maps.COUNTERS);
    long missed = 0;
    for (Descriptor program : socketPrograms) {
      missed += bpf.recursionMisses(program);
    }
    return new Counters(
        counters.counter(Maps.COUNT_EVENTS),
        counters.counter(Maps.COUNT_LOST) + missed,
        counters.counter(Maps.COUNT_SHED),
        counters.counter(Maps.COUNT_UNREADABLE));
  }

  private BpfMap map(String name) {
    BpfMap map = maps.get(name);
    if (map == null) {
      throw new IllegalStateException("map " + name + " is among the specs");
    }
    return map;
  }

  private static byte[] bytes(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  @Override
  public void close() {
    detach();
    for (AutoCloseable one : open.reversed()) {
      try {
        one.close();
      } catch (Exception impossible) {
        throw new IllegalStateException("closing a descriptor does not fail", impossible);
      }
    }
    open.clear();
  }
}
