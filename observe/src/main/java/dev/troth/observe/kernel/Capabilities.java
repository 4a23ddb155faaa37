package dev.troth.observe.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The Linux capabilities of this process, and whether they are enough. */
public final class Capabilities {
  /** The capabilities that matter here, with their bits. */
  public enum Capability {
    SYS_PTRACE(19),
    SYS_ADMIN(21),
    PERFMON(38),
    BPF(39);

    private final int bit;

    Capability(int bit) {
      this.bit = bit;
    }
  }

  private final long effective;

  private Capabilities(long effective) {
    this.effective = effective;
  }

  /** Of this process. */
  public static Capabilities ofThisProcess() {
    try {
      return parse(Files.readString(Path.of("/proc/self/status")));
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
