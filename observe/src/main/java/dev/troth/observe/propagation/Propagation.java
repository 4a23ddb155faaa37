package dev.troth.observe.propagation;

import dev.troth.observe.btf.Btf;
import dev.troth.observe.btf.Kind;
import dev.troth.observe.capture.Capture;
import dev.troth.observe.capture.Companion;
import dev.troth.observe.capture.Filter;
import dev.troth.observe.kernel.Bpf;
import dev.troth.observe.kernel.Bpf.Attachment;
import dev.troth.observe.kernel.BpfMap;
import dev.troth.observe.kernel.Descriptor;
import dev.troth.observe.kernel.KernelException;
import dev.troth.observe.kernel.MapSpec;
import dev.troth.observe.stream.Signature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Puts trace contexts into the heads of HTTP/1.1 that targets send, on connections that they open
 * from now on. Closing it, or the end of the process, gives all connections back to the kernel as
 * they were.
 */
public final class Propagation implements Companion {
  /** How many connections are followed at once; others are left alone. */
  private static final int MOST_SOCKETS = 16_384;

  private static final int TRIAL_RING = 1 << 16;

  private final Bpf bpf;
  private final List<Descriptor> open = new ArrayList<>();
  private final List<Descriptor> links = new ArrayList<>();
  private final List<BpfMap> maps = new ArrayList<>();
  private final Choice choice;
  private final Descriptor connecting;
  private final Descriptor connected;

  private Propagation(Bpf bpf, Btf btf, Map<String, BpfMap> shared, Choice choice) {
    this.bpf = bpf;
    this.choice = choice;
    try {
      Map<String, BpfMap> all = new HashMap<>(shared);
      for (MapSpec spec :
          List.of(
              MapSpec.socketStorage(Outgoing.MAP, Outgoing.BYTES),
              MapSpec.socketHash(Outgoing.SOCKETS, MOST_SOCKETS),
              MapSpec.array(Outgoing.SETTINGS, Outgoing.SETTINGS_BYTES, 1))) {
        BpfMap map = bpf.create(spec);
        maps.add(map);
        all.put(spec.name(), map);
      }
      Descriptor messages =
          added(bpf.load(MessageProgram.write(StreamLayout.of(btf)), Attachment.MESSAGES, all));
      connected = added(bpf.load(ConnectionPrograms.connected(), Attachment.CONNECTIONS, all));
      int type =
          btf.find(Kind.TYPEDEF, "btf_trace_inet_sock_set_state")
              .orElseThrow(() ->
                  new NoSuchElementException("this kernel has no tracepoint inet_sock_set_state"));
      connecting = added(bpf.load(ConnectionPrograms.connecting(), type, all));
      bpf.attachToSockets(messages, maps.get(1));
    } catch (KernelException | NoSuchElementException refused) {
      close();
      throw refused;
    }
  }

  /**
   * What to choose.
   *
   * @param group the control group whose processes' connections are looked at
   * @param ratio the share of traces that are marked as sampled
   * @param leftPort a port to which nothing is added, as that of the receiver of spans
   */
  public record Choice(Path group, double ratio, Optional<Integer> leftPort) {
    private byte[] settings(boolean active) {
      return ByteBuffer.allocate(Outgoing.SETTINGS_BYTES)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putLong(ratio >= 1 ? Long.MIN_VALUE : (long) Math.ceil(ratio * 0x1p63))
          .putInt(leftPort.map(Integer::reverseBytes).orElse(0))
          .putInt(active ? 1 : 0)
          .array();
    }
  }

  private Descriptor added(Descriptor descriptor) {
    open.add(descriptor);
    return descriptor;
  }

  /**
   * Loads the programs beside those of the capture, not yet attached, and tries them on a
   * connection of this process; {@link KernelException} or {@link NoSuchElementException} where
   * that fails.
   */
  public static Propagation load(Bpf bpf, Btf btf, Capture capture, Choice choice) {
    Propagation loaded = new Propagation(bpf, btf, capture.maps(), choice);
    int self = (int) ProcessHandle.current().pid();
    capture.watch(self);
    loaded.attach();
    try {
      Optional<String> wrong = Trial.run();
      if (wrong.isPresent()) {
        loaded.close();
        throw new NoSuchElementException("trace contexts cannot be sent here: " + wrong.get());
      }
    } finally {
      loaded.detach();
      capture.ignore(self);
      capture.forgetMissed(self);
      capture.drain(Integer.MAX_VALUE, own -> {});
    }
    return loaded;
  }

  /**
   * Why no trace context can be put into requests here, or empty if one can; it is tried on a
   * connection of this process.
   */
  public static Optional<String> refusal(Bpf bpf, Btf btf) {
    Filter filter = new Filter(List.of(Signature.text("HTTP", 64, 0)), TRIAL_RING);
    try (Capture capture = Capture.load(bpf, btf, filter)) {
      capture.add(load(bpf, btf, capture, new Choice(group(), 1, Optional.empty())));
      return Optional.empty();
    } catch (KernelException | NoSuchElementException | IOException refused) {
      return Optional.of(String.valueOf(refused.getMessage()));
    }
  }

  /** The control group of version 2 that all others lie in, as far as this process can see. */
  public static Path group() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      String[] words = line.split(" ", -1);
      if (line.contains(" - cgroup2 ") && words.length > 4) {
        return Path.of(words[4]);
      }
    }
    throw new IOException("no control groups of version 2 are mounted");
  }

  /** Begins; connections that are opened from now on are followed. */
  @Override
  public void attach() {
    if (open.isEmpty()) {
      throw new IllegalStateException("the programs are gone");
    }
    settings(true);
    links.add(bpf.attach(connecting));
    links.add(bpf.attachToGroup(connected, choice.group));
  }

  /** Writes no more, and follows no further connections. */
  @Override
  public void detach() {
    if (!maps.isEmpty()) {
      settings(false);
    }
    links.forEach(Descriptor::close);
    links.clear();
  }

  private void settings(boolean active) {
    maps.getLast().put(new byte[4], choice.settings(active));
  }

  @Override
  public void close() {
    detach();
    open.reversed().forEach(Descriptor::close);
    open.clear();
    maps.reversed().forEach(BpfMap::close);
    maps.clear();
  }
}
