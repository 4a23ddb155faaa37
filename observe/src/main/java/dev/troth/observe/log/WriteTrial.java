package dev.troth.observe.log;

import dev.troth.observe.btf.Btf;
import dev.troth.observe.capture.Capture;
import dev.troth.observe.capture.Filter;
import dev.troth.observe.discovery.Discovery;
import dev.troth.observe.discovery.FunctionPlaces;
import dev.troth.observe.discovery.ProcessTable;
import dev.troth.observe.discovery.RuntimeKind;
import dev.troth.observe.discovery.Target;
import dev.troth.observe.kernel.Bpf;
import dev.troth.observe.stream.Signature;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** Tries the probe at {@code write} on this process, to tell what it costs here. */
public final class WriteTrial {
  private static final int RING = 1 << 20;
  private static final int ROUNDS = 5;
  private static final int WRITES = 5_000;

  /** Its first number is the processor time of the thread, in nanoseconds. */
  private static final Path USED = Path.of("/proc/thread-self/schedstat");

  private WriteTrial() {}

  /**
   * How much more processor time a write of a line takes while it is watched, in nanoseconds: the
   * median over rounds with and without. {@link NoSuchElementException} where there is nothing to
   * watch.
   */
  public static long addedNanos(Bpf bpf, Btf btf) throws IOException {
    Filter filter = new Filter(List.of(Signature.text("HTTP", 64, 0)), RING);
    int self = (int) ProcessHandle.current().pid();
    Discovery discovery =
        new Discovery(new ProcessTable(Path.of("/proc")), List.of(), List.of(), 0, "");
    Target own = new Target(self, 0, RuntimeKind.JAVA, "", Map.of());
    FunctionPlaces function =
        discovery
            .libraryCall(own, WriteProbes.WRITE)
            .orElseThrow(() -> new NoSuchElementException("this process has no C library"));
    Path file = Files.createTempFile("troth-lines", "");
    try (Capture capture = Capture.load(bpf, btf, filter);
        OutputStream out = new FileOutputStream(file.toFile(), true)) {
      WriteProbes probes = WriteProbes.load(bpf, btf, capture, RING);
      capture.add(probes);
      capture.watch(self);
      long[] added = new long[ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        long without = nanos(out);
        probes.watch(self, function);
        long with = nanos(out);
        probes.forget(self);
        capture.drain(Integer.MAX_VALUE, event -> {});
        added[i] = with - without;
      }
      Arrays.sort(added);
      return added[ROUNDS / 2];
    } finally {
      Files.delete(file);
    }
  }

  private static long nanos(OutputStream out) throws IOException {
    byte[] line =
        "a line of a log, as long as such lines often are, and no longer\n"
            .getBytes(StandardCharsets.US_ASCII);
    long start = used();
    for (int i = 0; i < WRITES; i++) {
      out.write(line);
    }
    return (used() - start) / WRITES;
  }

  private static long used() throws IOException {
    String text = Files.readString(USED);
    return Long.parseLong(text.substring(0, text.indexOf(' ')));
  }
}
