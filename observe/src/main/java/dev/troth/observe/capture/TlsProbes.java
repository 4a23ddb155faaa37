package dev.troth.observe.capture;

import dev.troth.observe.kernel.Bpf;
import dev.troth.observe.kernel.BpfMap;
import dev.troth.observe.kernel.Descriptor;
import dev.troth.observe.kernel.KernelException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The programs at OpenSSL's functions, loaded when the first process needs them and attached
 * process by process: others that use the same file pay nothing. Not thread-safe.
 */
final class TlsProbes implements AutoCloseable {
  static final String READ = "SSL_read";
  static final String WRITE = "SSL_write";
  static final String FREE = "SSL_free";

  private record Programs(
      Descriptor reading,
      Descriptor writing,
      Descriptor received,
      Descriptor sent,
      Descriptor freed) {
    void close() {
      List.of(reading, writing, received, sent, freed).forEach(Descriptor::close);
    }
  }

  private record Place(String file, Map<String, Long> offsets) {}

  private final Bpf bpf;
  private final KernelLayout kernel;
  private final Map<String, BpfMap> maps;
  private final Map<Integer, Place> places = new HashMap<>();
  private final Map<Integer, List<Descriptor>> links = new HashMap<>();
  private final List<Programs> programs = new ArrayList<>(1);

  TlsProbes(Bpf bpf, KernelLayout kernel, Map<String, BpfMap> maps) {
    this.bpf = bpf;
    this.kernel = kernel;
    this.maps = maps;
  }

  void attach(int process, String file, Map<String, Long> offsets) {
    places.put(process, new Place(file, Map.copyOf(offsets)));
    attach(process);
  }

  void attachAll() {
    List.copyOf(places.keySet()).forEach(this::attach);
  }

  private void attach(int process) {
    Place place = places.get(process);
    if (place == null || links.containsKey(process)) {
      return;
    }
    Programs loaded = programs();
    List<Descriptor> attached = new ArrayList<>();
    links.put(process, attached);
    try {
      for (String name : List.of(READ, WRITE)) {
        long offset = place.offsets.getOrDefault(name, 0L);
        Descriptor after = name.equals(READ) ? loaded.received : loaded.sent;
        Descriptor before = name.equals(READ) ? loaded.reading : loaded.writing;
        attached.add(bpf.attachUprobe(after, place.file, offset, process, true));
        attached.add(bpf.attachUprobe(before, place.file, offset, process, false));
      }
      long free = place.offsets.getOrDefault(FREE, 0L);
      attached.add(bpf.attachUprobe(loaded.freed, place.file, free, process, false));
    } catch (KernelException refused) {
      forget(process);
      throw refused;
    }
  }

  private Programs programs() {
    if (programs.isEmpty()) {
      programs.add(
          new Programs(
              bpf.loadUprobe(TlsPrograms.entered(kernel, false), maps),
              bpf.loadUprobe(TlsPrograms.entered(kernel, true), maps),
              bpf.loadUprobe(TlsPrograms.returned(kernel, false), maps),
              bpf.loadUprobe(TlsPrograms.returned(kernel, true), maps),
              bpf.loadUprobe(TlsPrograms.freed(kernel), maps)));
    }
    return programs.getFirst();
  }

  void forget(int process) {
    places.remove(process);
    detach(process);
  }

  void detachAll() {
    List.copyOf(links.keySet()).forEach(this::detach);
  }

  private void detach(int process) {
    List<Descriptor> attached = links.remove(process);
    if (attached != null) {
      attached.forEach(Descriptor::close);
    }
  }

  @Override
  public void close() {
    detachAll();
    programs.forEach(Programs::close);
    programs.clear();
  }
}
