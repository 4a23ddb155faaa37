package dev.troth.observe.capture;

import dev.troth.observe.bpf.CountedLoop;
import dev.troth.observe.btf.Btf;
import dev.troth.observe.btf.Kind;
import dev.troth.observe.kernel.Architecture;
import dev.troth.observe.kernel.Architecture.CallRegisters;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The offsets of the kernel's fields that the programs read, resolved from one kernel's BTF.
 *
 * @param loop how the kernel counts in a loop, where it does
 */
record KernelLayout(
    Architecture architecture,
    Registers registers,
    Socket socket,
    Files files,
    Tcp tcp,
    int taskProcess,
    int taskThread,
    Optional<CountedLoop> loop) {

  /**
   * The registers of a system call in {@code struct pt_regs}; the segment only on x86-64. A call of
   * a function differs in the fourth argument alone.
   */
  record Registers(
      int number,
      int first,
      int second,
      int third,
      int fourth,
      int fifth,
      int fourthOfFunction,
      int result,
      int secondOfGo,
      int goroutine,
      OptionalInt codeSegment) {}

  /** Fields of {@code struct sock}, from its beginning. */
  record Socket(
      int localPort,
      int remotePort,
      int family,
      int local4,
      int remote4,
      OptionalInt local6,
      OptionalInt remote6,
      OptionalInt network,
      int networkNumber,
      Owner owner,
      Ending ending) {}

  /**
   * Fields of {@code struct tcp_sock}: positions in the streams, counts of bytes, and eight times
   * the smoothed round-trip time in microseconds.
   */
  record Tcp(
      int written,
      int copied,
      int receivedNext,
      int bytesReceived,
      int unacknowledged,
      int bytesAcknowledged,
      int smoothedRoundTrip) {}

  /** The state of a connection, and the error that ended it. */
  record Ending(int state, int error) {}

  /** The way from {@code struct sock} to the flags of its file. */
  record Owner(int socket, int file, int flags) {}

  /**
   * The way from a task and a descriptor to a socket: {@code task->files->fdt->fd[n]->f_inode} and
   * {@code ->private_data->sk}. Only hooks that are not handed the socket need it.
   */
  record Files(
      int taskFiles,
      int table,
      int descriptors,
      int inode,
      int mode,
      int privateData,
      int socket,
      int protocol) {}

  /** The number of the register that holds it on arm64. */
  private static final int GOROUTINE_ARM = 28;

  static KernelLayout of(Btf btf, Architecture architecture) {
    CallRegisters call = architecture.registers();
    Registers registers =
        new Registers(
            btf.offset("pt_regs", call.number()),
            btf.offset("pt_regs", call.first()),
            btf.offset("pt_regs", call.second()) + call.stride(),
            btf.offset("pt_regs", call.third()) + 2 * call.stride(),
            btf.offset("pt_regs", call.fourth()) + 3 * call.stride(),
            btf.offset("pt_regs", call.fifth()) + 4 * call.stride(),
            btf.offset("pt_regs", call.fourthOfFunction()) + 3 * call.stride(),
            btf.offset("pt_regs", call.result()),
            btf.offset("pt_regs", call.secondOfGo()) + call.stride(),
            btf.offset("pt_regs", call.goroutine()) + GOROUTINE_ARM * call.stride(),
            architecture == Architecture.X86_64
                ? OptionalInt.of(btf.offset("pt_regs", "cs"))
                : OptionalInt.empty());
    OptionalInt networkNumber = btf.offsetIfPresent("net", "ns.inum");
    Socket socket =
        new Socket(
            btf.offset("sock", "__sk_common.skc_num"),
            btf.offset("sock", "__sk_common.skc_dport"),
            btf.offset("sock", "__sk_common.skc_family"),
            btf.offset("sock", "__sk_common.skc_rcv_saddr"),
            btf.offset("sock", "__sk_common.skc_daddr"),
            btf.offsetIfPresent("sock", "__sk_common.skc_v6_rcv_saddr"),
            btf.offsetIfPresent("sock", "__sk_common.skc_v6_daddr"),
            networkNumber.isPresent()
                ? btf.offsetIfPresent("sock", "__sk_common.skc_net.net")
                : OptionalInt.empty(),
            networkNumber.orElse(0),
            new Owner(
                btf.offset("sock", "sk_socket"),
                btf.offset("socket", "file"),
                btf.offset("file", "f_flags")),
            new Ending(btf.offset("sock", "__sk_common.skc_state"), btf.offset("sock", "sk_err")));
    Files files =
        new Files(
            btf.offset("task_struct", "files"),
            btf.offset("files_struct", "fdt"),
            btf.offset("fdtable", "fd"),
            btf.offset("file", "f_inode"),
            btf.offset("inode", "i_mode"),
            btf.offset("file", "private_data"),
            btf.offset("socket", "sk"),
            btf.offset("sock", "sk_protocol"));
    return new KernelLayout(
        architecture,
        registers,
        socket,
        files,
        new Tcp(
            btf.offset("tcp_sock", "write_seq"),
            btf.offset("tcp_sock", "copied_seq"),
            btf.offset("tcp_sock", "rcv_nxt"),
            btf.offset("tcp_sock", "bytes_received"),
            btf.offset("tcp_sock", "snd_una"),
            btf.offset("tcp_sock", "bytes_acked"),
            btf.offset("tcp_sock", "srtt_us")),
        btf.offset("task_struct", "tgid"),
        btf.offset("task_struct", "pid"),
        loop(btf));
  }

  private static Optional<CountedLoop> loop(Btf btf) {
    OptionalInt begin = btf.find(Kind.FUNCTION, "bpf_iter_num_new");
    OptionalInt next = btf.find(Kind.FUNCTION, "bpf_iter_num_next");
    OptionalInt end = btf.find(Kind.FUNCTION, "bpf_iter_num_destroy");
    return begin.isPresent() && next.isPresent() && end.isPresent()
        ? Optional.of(new CountedLoop(begin.getAsInt(), next.getAsInt(), end.getAsInt()))
        : Optional.empty();
  }
}
