package dev.troth.observe.log;

import dev.troth.observe.btf.Btf;
import dev.troth.observe.capture.Capture;
import dev.troth.observe.capture.Companion;
import dev.troth.observe.discovery.FunctionPlaces;
import dev.troth.observe.kernel.Bpf;
import dev.troth.observe.kernel.BpfMap;
import dev.troth.observe.kernel.Descriptor;
import dev.troth.observe.kernel.MapSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The program at {@code write}, attached process by process: others that use the same C library pay
 * nothing. Not thread-safe.
 */
public final class WriteProbes implements Companion {
  /** The function that is watched. */
  public static final String WRITE = "write";

  private final Bpf bpf;
  private final BpfMap left;
  private final Descriptor program;
  private final Map<Integer, FunctionPlaces> places = new HashMap<>();
  private final Map<Integer, Descriptor> links = new HashMap<>();

  private WriteProbes(Bpf bpf, BpfMap left, Descriptor program) {
    this.bpf = bpf;
    this.left = left;
    this.program = program;
  }

  /** Loads the program beside those of the capture. */
  public static WriteProbes load(Bpf bpf, Btf btf, Capture capture, int ringBytes) {
    BpfMap left = bpf.create(MapSpec.perCpu(WriteProgram.LEFT, 8, 1));
    Map<String, BpfMap> maps = new HashMap<>(capture.maps());
    maps.put(WriteProgram.LEFT, left);
    try {
      WriteLayout layout = WriteLayout.of(btf, bpf.architecture());
      return new WriteProbes(
          bpf, left, bpf.loadUprobe(WriteProgram.write(layout, ringBytes), maps));
    } catch (RuntimeException refused) {
      left.close();
      throw refused;
    }
  }

  /** Watches what a process writes by this function. */
  void watch(int process, FunctionPlaces function) {
    places.put(process, function);
    attach(process);
  }

  private void attach(int process) {
    FunctionPlaces function = places.get(process);
    if (function != null && !links.containsKey(process)) {
      List<Long> offsets = function.offsets().getOrDefault(WRITE, List.of());
      links.put(process, bpf.attachUprobe(program, function.file(), offsets, process, false));
    }
  }

  void forget(int process) {
    places.remove(process);
    Descriptor link = links.remove(process);
    if (link != null) {
      link.close();
    }
  }

  /** How many writes were not told of because the ring was crowded. */
  long left() {
    return left.counter(0);
  }

  @Override
  public void attach() {
    List.copyOf(places.keySet()).forEach(this::attach);
  }

  @Override
  public void detach() {
    Descriptor.closeAll(new ArrayList<>(links.values()));
    links.clear();
  }

  @Override
  public void close() {
    detach();
    program.close();
    left.close();
  }
}
