package dev.troth.observe.capture;

import dev.troth.observe.bpf.Program;
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
  private static final String READ = "SSL_read";
  private static final String WRITE = "SSL_write";
  private static final String READ_EX = "SSL_read_ex";
  private static final String WRITE_EX = "SSL_write_ex";
  private static final String HANDSHAKE = "SSL_do_handshake";
  private static final String FREE = "SSL_free";

  private static final String GO_READ = "crypto/tls.(*Conn).Read";
  private static final String GO_WRITE = "crypto/tls.(*Conn).Write";
  private static final String GO_ASKS = "crypto/tls.(*Conn).clientHandshake";
  private static final String GO_ANSWERS = "crypto/tls.(*Conn).serverHandshake";
  private static final String GO_CLOSE = "crypto/tls.(*Conn).Close";

  /** Behind the name of a function of Go: the instructions that return from it. */
  static final String RETURNS = " returns";

  /** The functions of Go, all of which are needed. */
  static final List<String> OF_GO = List.of(GO_READ, GO_WRITE, GO_ASKS, GO_ANSWERS, GO_CLOSE);

  /** The functions without which nothing can be read. */
  static final List<String> NEEDED = List.of(READ, WRITE, FREE);

  /** The functions that are watched where they are. */
  static final List<String> ALL = List.of(READ, WRITE, FREE, READ_EX, WRITE_EX, HANDSHAKE);

  /** A loaded program, and the functions that it is for. */
  private record Loaded(Descriptor program, boolean onReturn, List<String> functions) {}

  private record Place(String file, Map<String, List<Long>> offsets) {}

  private final Bpf bpf;
  private final KernelLayout kernel;
  private final Map<String, BpfMap> maps;
  private final Map<Integer, Place> places = new HashMap<>();
  private final Map<Integer, List<Descriptor>> links = new HashMap<>();
  private final List<Loaded> programs = new ArrayList<>();

  TlsProbes(Bpf bpf, KernelLayout kernel, Map<String, BpfMap> maps) {
    this.bpf = bpf;
    this.kernel = kernel;
    this.maps = maps;
  }

  void attach(int process, String file, Map<String, List<Long>> offsets) {
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
    List<Descriptor> attached = new ArrayList<>();
    links.put(process, attached);
    try {
      for (Loaded loaded : programs()) {
        List<Long> offsets =
            loaded.functions.stream()
                .flatMap(function -> place.offsets.getOrDefault(function, List.of()).stream())
                .toList();
        if (!offsets.isEmpty()) {
          attached.add(
              bpf.attachUprobe(loaded.program, place.file, offsets, process, loaded.onReturn));
        }
      }
    } catch (KernelException refused) {
      forget(process);
      throw refused;
    }
  }

  /** Ends of calls come first: a beginning without its end would be taken for the next one's. */
  private List<Loaded> programs() {
    if (programs.isEmpty()) {
      load(TlsPrograms.returned(kernel, false), true, READ);
      load(TlsPrograms.returned(kernel, true), true, WRITE);
      load(TlsPrograms.returnedEx(kernel, false), true, READ_EX);
      load(TlsPrograms.returnedEx(kernel, true), true, WRITE_EX);
      load(TlsPrograms.shaken(), true, HANDSHAKE);
      load(TlsPrograms.freed(kernel), false, FREE);
      load(TlsPrograms.entered(kernel, false), false, READ, READ_EX);
      load(TlsPrograms.entered(kernel, true), false, WRITE, WRITE_EX);
      load(TlsPrograms.handshaking(kernel), false, HANDSHAKE);
      // Go moves its stacks, so that nothing may be put on them: the instructions that return are
      // places of their own.
      load(GoTlsPrograms.read(kernel), false, GO_READ + RETURNS);
      load(GoTlsPrograms.written(kernel), false, GO_WRITE + RETURNS);
      load(GoTlsPrograms.shaken(kernel), false, GO_ASKS + RETURNS, GO_ANSWERS + RETURNS);
      load(GoTlsPrograms.closed(kernel), false, GO_CLOSE);
      load(GoTlsPrograms.reading(kernel), false, GO_READ);
      load(GoTlsPrograms.writing(kernel), false, GO_WRITE);
      load(GoTlsPrograms.handshaking(kernel), false, GO_ASKS, GO_ANSWERS);
    }
    return programs;
  }

  private void load(Program program, boolean onReturn, String... functions) {
    programs.add(new Loaded(bpf.loadUprobe(program, maps), onReturn, List.of(functions)));
  }

  void forget(int process) {
    places.remove(process);
    detach(process);
  }

  /** Hands over all attachments, which the taker closes. */
  List<Descriptor> takeAll() {
    List<Descriptor> all = links.values().stream().flatMap(List::stream).toList();
    links.clear();
    return all;
  }

  private void detach(int process) {
    List<Descriptor> attached = links.remove(process);
    if (attached != null) {
      Descriptor.closeAll(attached);
    }
  }

  @Override
  public void close() {
    Descriptor.closeAll(takeAll());
    programs.forEach(loaded -> loaded.program.close());
    programs.clear();
  }
}
