package dev.troth.observe.capture;

import dev.troth.observe.bpf.Program;
import dev.troth.observe.btf.Btf;
import dev.troth.observe.kernel.Bpf;
import dev.troth.observe.kernel.BpfMap;
import dev.troth.observe.kernel.Descriptor;
import dev.troth.observe.kernel.KernelException;
import dev.troth.observe.kernel.MapSpec;
import dev.troth.observe.kernel.RingBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
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
   * @param unix messages over unix sockets, which are not read
   * @param hidden messages that did not pass by a call that reads or writes, on sockets of which
   *     nothing is known
   * @param cut messages that may hold requests, of which the rest was left out for want of room
   */
  public record Counters(
      long events, long lost, long shed, long unreadable, long unix, long hidden, long cut) {

    /** How many events are missing in whole or in part. */
    public long missing() {
      return lost + unreadable + hidden + cut;
    }
  }

  /** The map of the processes that are watched, by their numbers. */
  public static final String TARGETS = Maps.TARGETS;

  /** The map that is the ring of events. */
  public static final String RING = Maps.RING;

  private record Loaded(String tracepoint, Descriptor program) {}

  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<Descriptor> links = new ArrayList<>();
  private final List<Descriptor> socketPrograms = new ArrayList<>();
  private final Map<String, BpfMap> maps = new HashMap<>();
  private final Bpf bpf;
  private final Hook hook;
  private final RingBuffer ring;
  private final TlsProbes tls;
  private final Event event = new Event();
  private final List<Companion> companions = new ArrayList<>();
  private final List<Loaded> programs = new ArrayList<>();

  private Capture(Bpf bpf, Btf btf, Hook hook, Filter filter) {
    this.bpf = bpf;
    this.hook = hook;
    try {
      for (MapSpec spec : Maps.specs(hook, filter.ringBytes())) {
        BpfMap map = bpf.create(spec);
        open.add(map);
        maps.put(spec.name(), map);
      }
      KernelLayout kernel = KernelLayout.of(btf, bpf.architecture());
      for (Placed placed : programs(kernel, hook, filter)) {
        load(btf, placed);
      }
      ring = new RingBuffer(bpf, map(Maps.RING));
      open.add(ring);
      tls = new TlsProbes(bpf, kernel, maps);
      open.add(tls);
    } catch (KernelException | NoSuchElementException refused) {
      closeAll();
      throw refused;
    }
  }

  /** Loads the programs for this hook, not yet attached. */
  public static Capture load(Bpf bpf, Btf btf, Hook hook, Filter filter) {
    return new Capture(bpf, btf, hook, filter);
  }

  /**
   * As {@link #load(Bpf, Btf, Hook, Filter)}, for the cheapest hook whose programs the kernel
   * takes.
   */
  public static Capture load(Bpf bpf, Btf btf, Filter filter) {
    List<String> reasons = new ArrayList<>();
    for (Hook hook : Hook.values()) {
      try {
        return load(bpf, btf, hook, filter);
      } catch (KernelException | NoSuchElementException refused) {
        reasons.add(hook.places() + ": " + refused.getMessage());
      }
    }
    throw new NoSuchElementException(
        "this kernel offers no hook to watch sockets: " + String.join("; ", reasons));
  }

  /** A program and the tracepoint that it is for. */
  record Placed(String tracepoint, Program program) {}

  static List<Placed> programs(KernelLayout kernel, Hook hook, Filter filter) {
    HookSite site = hook.site(kernel);
    boolean socket = hook == Hook.SOCKET;
    return List.of(
        new Placed(
            socket ? "sock_send_length" : "sys_exit", SocketProgram.sending(kernel, site, filter)),
        new Placed(
            socket ? "sock_recv_length" : "sys_exit",
            SocketProgram.receiving(kernel, site, filter)),
        new Placed("inet_sock_set_state", ProcessPrograms.socketState(kernel, site)),
        new Placed("sched_process_fork", ProcessPrograms.fork(kernel, site)),
        new Placed("sched_process_exec", ProcessPrograms.execute(kernel, site)),
        new Placed("sched_process_exit", ProcessPrograms.exit(kernel, site)));
  }

  private void load(Btf btf, Placed placed) {
    Descriptor loaded =
        hook == Hook.RAW
            ? bpf.loadRaw(placed.program, maps)
            : bpf.load(placed.program, type(btf, placed.tracepoint), maps);
    open.add(loaded);
    programs.add(new Loaded(placed.tracepoint, loaded));
    if (hook.isTraffic(placed.tracepoint)) {
      socketPrograms.add(loaded);
    }
  }

  private static int type(Btf btf, String tracepoint) {
    return Hook.type(btf, tracepoint)
        .orElseThrow(() ->
            new NoSuchElementException(
                "this kernel has no tracepoint " + tracepoint + " that BPF can use"));
  }

  /** Attaches all programs; what happens from now on is seen. */
  public void attach() {
    for (Loaded loaded : programs) {
      links.add(
          hook == Hook.RAW
              ? bpf.attachRaw(loaded.program, loaded.tracepoint)
              : bpf.attach(loaded.program));
    }
    tls.attachAll();
    companions.forEach(Companion::attach);
  }

  /** Lets other programs be attached, detached and closed together with these. */
  public void add(Companion companion) {
    companions.add(companion);
    open.add(companion);
  }

  /** The maps, for programs of others that share them. */
  public Map<String, BpfMap> maps() {
    return Map.copyOf(maps);
  }

  /** Where the programs are attached. */
  public Hook hook() {
    return hook;
  }

  /** Detaches all programs and keeps them loaded. */
  public void detach() {
    companions.forEach(Companion::detach);
    links.addAll(tls.takeAll());
    Descriptor.closeAll(links);
    links.clear();
  }

  /**
   * Watches what the process reads and writes by OpenSSL or by {@code crypto/tls} of Go; {@link
   * KernelException} when the kernel refuses.
   *
   * @param file the executable or library that has the functions
   * @param offsets where they lie in it, by their names
   */
  public void watchTls(int process, String file, Map<String, List<Long>> offsets) {
    tls.attach(process, file, offsets);
  }

  /** Watches no TLS of the process any more. */
  public void forgetTls(int process) {
    tls.forget(process);
  }

  /** The functions of OpenSSL without which {@link #watchTls} can do nothing. */
  public static List<String> neededOfTls() {
    return TlsProbes.NEEDED;
  }

  /** All functions of OpenSSL that {@link #watchTls} makes use of. */
  public static List<String> allOfTls() {
    return TlsProbes.ALL;
  }

  /** The functions of Go, all of which {@link #watchTls} needs, with where each returns. */
  public static List<String> tlsOfGo() {
    return TlsProbes.OF_GO;
  }

  /** The name of the places where a function of Go returns. */
  public static String returnsOf(String function) {
    return function + TlsProbes.RETURNS;
  }

  /** Watches the sockets of a process; false if so many are watched that there is no room. */
  public boolean watch(int process) {
    try {
      BpfMap missing = map(Maps.MISSING);
      if (missing.get(bytes(process)).isEmpty()) {
        missing.put(bytes(process), new byte[Missing.BYTES]);
      }
      map(Maps.TARGETS).put(bytes(process), bytes(1));
      return true;
    } catch (KernelException refused) {
      if (refused.isFull()) {
        return false;
      }
      throw refused;
    }
  }

  /** Stops watching a process. */
  public void ignore(int process) {
    map(Maps.TARGETS).remove(bytes(process));
    tls.forget(process);
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
        counters.counter(Maps.COUNT_UNREADABLE),
        counters.counter(Maps.COUNT_UNIX),
        counters.counter(Maps.COUNT_HIDDEN),
        counters.counter(Maps.COUNT_CUT));
  }

  /**
   * What a process did that is not seen, since it is watched.
   *
   * @param lost events that found no room
   * @param unix messages over unix sockets
   * @param unreadable messages whose memory could not be read
   * @param hidden messages that did not pass by a call that reads or writes, as those of io_uring
   * @param cut messages that may hold requests, of which the rest was left out for want of room
   */
  public record Missed(long lost, long unix, long unreadable, long hidden, long cut) {}

  /** What each process did that is not seen. */
  public Map<Integer, Missed> missed() {
    Map<Integer, Missed> missed = new HashMap<>();
    for (byte[] key : map(Maps.MISSING).keys()) {
      int process = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN).getInt();
      missed(process).ifPresent(one -> missed.put(process, one));
    }
    return missed;
  }

  /** What one process did that is not seen; empty if it is not watched. */
  public Optional<Missed> missed(int process) {
    return map(Maps.MISSING)
        .get(bytes(process))
        .map(value -> ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN))
        .map(value ->
            new Missed(
                value.getLong(Missing.LOST.offset()),
                value.getLong(Missing.UNIX.offset()),
                value.getLong(Missing.UNREADABLE.offset()),
                value.getLong(Missing.HIDDEN.offset()),
                value.getLong(Missing.CUT.offset())));
  }

  /** Forgets what a process missed that has ended. */
  public void forgetMissed(int process) {
    map(Maps.MISSING).remove(bytes(process));
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
    closeAll();
  }

  private void closeAll() {
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
