package dev.troth.observe.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The Linux capabilities of this process, and whether they are enough. */
public final class Capabilities {
  /** The capabilities that matter here, with their bits. */
  public enum Capability {
    DAC_READ_SEARCH(2),
    NET_ADMIN(12),
    SYS_PTRACE(19),
    SYS_ADMIN(21),
    PERFMON(38),
    BPF(39);

    private final int bit;

    Capability(int bit) {
      this.bit = bit;
    }
  }

  /** What the agent goes on with: the rest of what root may do is given up. */
  private static final List<Capability> KEPT =
      List.of(
          Capability.BPF, Capability.PERFMON, Capability.SYS_PTRACE, Capability.DAC_READ_SEARCH);

  private static final int VERSION_3 = 0x20080522;
  private static final int SET_NO_NEW_PRIVILEGES = 38;

  private final long effective;

  private Capabilities(long effective) {
    this.effective = effective;
  }

  /** Of the calling thread. */
  public static Capabilities ofThisProcess() {
    try {
      return parse(Files.readString(Path.of("/proc/thread-self/status")));
    } catch (IOException unreadable) {
      return new Capabilities(0);
    }
  }

  /** From the text of {@code /proc/PID/status}. */
  static Capabilities parse(String status) {
    for (String line : status.split("\n", -1)) {
      if (line.startsWith("CapEff:")) {
        return new Capabilities(Long.parseUnsignedLong(line.substring(7).strip(), 16));
      }
    }
    return new Capabilities(0);
  }

  public boolean has(Capability capability) {
    return (effective & 1L << capability.bit) != 0;
  }

  /**
   * Gives up, for the calling thread and those that it starts, every capability but BPF, PERFMON,
   * SYS_PTRACE and DAC_READ_SEARCH, and the way to get others by starting a program. Without BPF
   * and PERFMON, SYS_ADMIN stands for them and stays.
   */
  public static void keepOnlyNeeded() {
    keepOnlyNeeded(0);
  }

  /**
   * As {@link #keepOnlyNeeded()}, and NET_ADMIN: without it no program is loaded that sees what is
   * sent. To be given up as soon as it is.
   */
  public static void keepNeededAndNetwork() {
    keepOnlyNeeded(1L << Capability.NET_ADMIN.bit);
  }

  private static void keepOnlyNeeded(long more) {
    Capabilities own = ofThisProcess();
    long kept = own.effective & more;
    for (Capability capability : KEPT) {
      kept |= own.effective & 1L << capability.bit;
    }
    if (!own.has(Capability.BPF) || !own.has(Capability.PERFMON)) {
      kept |= own.effective & 1L << Capability.SYS_ADMIN.bit;
    }
    Architecture architecture = Architecture.ofThisMachine();
    SystemCalls calls = new SystemCalls();
    calls.call(architecture.calls().prctl(), SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0, 0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment header = arena.allocate(8, 8);
      header.set(JAVA_INT, 0, VERSION_3);
      MemorySegment data = arena.allocate(24, 8);
      for (int half = 0; half < 2; half++) {
        int bits = (int) (kept >>> (32 * half));
        data.set(JAVA_INT, 12L * half, bits);
        data.set(JAVA_INT, 12L * half + 4, bits);
      }
      long result =
          calls.call(architecture.calls().capset(), header.address(), data.address(), 0, 0, 0, 0);
      if (result < 0) {
        throw new KernelException("give up capabilities", (int) -result);
      }
    }
  }

  /** What is missing to load and attach the programs, in one line, or empty. */
  public static Optional<String> missing() {
    return ofThisProcess().lacking();
  }

  Optional<String> lacking() {
    if (has(Capability.SYS_ADMIN)) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    for (Capability needed : List.of(Capability.BPF, Capability.PERFMON, Capability.SYS_PTRACE)) {
      if (!has(needed)) {
        names.add("CAP_" + needed);
      }
    }
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "watching processes from the kernel needs the "
                + (names.size() == 1 ? "capability " : "capabilities ")
                + String.join(", ", names)
                + ": run as root, or grant them");
  }
}
