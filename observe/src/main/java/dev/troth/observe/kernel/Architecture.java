package dev.troth.observe.kernel;

/**
 * What differs between the processors that are supported: system call numbers and where the
 * registers of a system call are kept.
 *
 * <p>Sources: {@code arch/x86/entry/syscalls/syscall_64.tbl} and {@code
 * include/uapi/asm-generic/unistd.h} of Linux.
 */
@SuppressWarnings("ImmutableEnumChecker") // its records hold numbers and texts
public enum Architecture {
  X86_64(
      new Calls(321, 9, 11, 3, 0, 1, 19, 20, 45, 44, 47, 46, 299, 307, 157, 126, 257),
      new CallRegisters("orig_ax", "di", "si", "dx", "r10", "r8", "cx", "ax", "bx", "r14", 0)),
  AARCH64(
      new Calls(280, 222, 215, 57, 63, 64, 65, 66, 207, 206, 212, 211, 243, 269, 167, 91, 56),
      new CallRegisters(
          "syscallno", "regs", "regs", "regs", "regs", "regs", "regs", "regs", "regs", "regs", 8));

  /** System call numbers. */
  public record Calls(
      int bpf,
      int mmap,
      int munmap,
      int close,
      int read,
      int write,
      int readv,
      int writev,
      int recvfrom,
      int sendto,
      int recvmsg,
      int sendmsg,
      int recvmmsg,
      int sendmmsg,
      int prctl,
      int capset,
      int openat) {}

  /**
   * The fields of {@code struct pt_regs} that hold a system call's number, first five arguments and
   * result, the fourth argument of a function, the second argument of a function of Go and its
   * goroutine; the first one is where the result is. The stride is the distance between arguments
   * that share one array field.
   */
  public record CallRegisters(
      String number,
      String first,
      String second,
      String third,
      String fourth,
      String fifth,
      String fourthOfFunction,
      String result,
      String secondOfGo,
      String goroutine,
      int stride) {}

  private final Calls calls;
  private final CallRegisters registers;

  Architecture(Calls calls, CallRegisters registers) {
    this.calls = calls;
    this.registers = registers;
  }

  public Calls calls() {
    return calls;
  }

  public CallRegisters registers() {
    return registers;
  }

  /** The architecture of this machine. */
  public static Architecture ofThisMachine() {
    String name = System.getProperty("os.arch", "");
    return switch (name) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64" -> AARCH64;
      default ->
          throw new UnsupportedOperationException(
              "processor is '" + name + "', expected amd64 or aarch64");
    };
  }
}
