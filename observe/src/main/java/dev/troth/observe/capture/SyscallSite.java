package dev.troth.observe.capture;

import static dev.troth.observe.bpf.Arithmetic.ADD;
import static dev.troth.observe.bpf.Arithmetic.AND;
import static dev.troth.observe.bpf.Arithmetic.SHIFT_LEFT;
import static dev.troth.observe.bpf.Arithmetic.SHIFT_RIGHT;
import static dev.troth.observe.bpf.Comparison.ANY_BIT;
import static dev.troth.observe.bpf.Comparison.AT_LEAST;
import static dev.troth.observe.bpf.Comparison.EQUAL;
import static dev.troth.observe.bpf.Comparison.NOT_EQUAL;
import static dev.troth.observe.bpf.Comparison.S_AT_MOST;
import static dev.troth.observe.bpf.Register.FP;
import static dev.troth.observe.bpf.Register.R0;
import static dev.troth.observe.bpf.Register.R1;
import static dev.troth.observe.bpf.Register.R2;
import static dev.troth.observe.bpf.Register.R3;
import static dev.troth.observe.bpf.Register.R4;
import static dev.troth.observe.bpf.Register.R6;
import static dev.troth.observe.bpf.Register.R7;
import static dev.troth.observe.bpf.Register.R8;
import static dev.troth.observe.bpf.Register.R9;
import static dev.troth.observe.bpf.Width.U16;
import static dev.troth.observe.bpf.Width.U32;
import static dev.troth.observe.bpf.Width.U64;

import dev.troth.observe.bpf.Assembler;
import dev.troth.observe.bpf.Helper;
import dev.troth.observe.bpf.Register;
import dev.troth.observe.bpf.Width;
import dev.troth.observe.kernel.Architecture.Calls;

/**
 * The tracepoint {@code sys_exit}, for kernels without those of sockets. It runs on every system
 * call of every process, so it turns away strangers first. From a target's call it finds the socket
 * by way of the descriptor. Nothing found so is trusted by the verifier: fields are read by a
 * helper, and the state lies in a hash by the socket's address until a new connection begins there:
 * a slow process may still read after a reset.
 *
 * <p>It needs no types from the verifier, so the same programs serve as plain raw tracepoints.
 */
record SyscallSite(KernelLayout kernel) implements HookSite {
  private static final int KIND_OF_FILE = 0xf000;
  private static final int SOCKET_FILE = 0xc000;
  private static final int INET = 2;
  private static final int INET6 = 10;
  private static final int TCP = 6;

  /** How many datagrams of one call are looked at. */
  private static final int MOST_OF_BATCH = 20;

  @Override
  public void enter(Assembler code, boolean sending) {
    code.load(U64, R8, R1, 8).jumpIf(R8, S_AT_MOST, 0, "out");
  }

  @Override
  public void socket(Assembler code, boolean sending) {
    onlyTransfers(code, sending);
    file(code);
    KernelLayout.Files files = kernel.files();
    probe(code, U64, R7, files.inode());
    code.move(R6, R1);
    probe(code, U16, R6, files.mode());
    code.compute(R1, AND, KIND_OF_FILE).jumpIf(R1, NOT_EQUAL, SOCKET_FILE, "out");
    probe(code, U64, R7, files.privateData());
    code.move(R6, R1);
    probe(code, U64, R6, files.socket());
    code.move(R6, R1).store(U64, FP, Slots.TCP, R6);
    probe(code, U16, R6, kernel.socket().family());
    code.jumpIf(R1, NOT_EQUAL, SocketSite.UNIX, "not-unix");
    Missing.UNIX.count(code, Slots.IDS, Slots.KEY, "counted-unix");
    code.jump("out").label("not-unix");
    probe(code, U16, R6, files.protocol());
    code.jumpIf(R1, EQUAL, TCP, "stream")
        .jumpIf(R1, NOT_EQUAL, SocketSite.UDP, "out")
        .store(U64, FP, Slots.TCP, 0)
        .jump("family")
        .label("stream")
        .load(U64, R1, FP, Slots.BATCH_TURN)
        .jumpIf(R1, NOT_EQUAL, 0, "out") // its result is no length
        .label("family");
    probe(code, U16, R6, kernel.socket().family());
    code.jumpIf(R1, EQUAL, INET, "inet").jumpIf(R1, NOT_EQUAL, INET6, "out").label("inet");
  }

  /** The result of such a call is how many there are; each has its length beside it. */
  @Override
  public void batch(Assembler code, boolean sending) {
    code.store(U64, R7, Slots.BATCH_TOTAL, R8)
        .load(U64, R1, FP, Slots.SEGMENT_POINTER)
        .store(U64, R7, Slots.BATCH_ENTRY, R1)
        .label("batch-next")
        .load(U64, R1, FP, Slots.BATCH_TURN)
        .load(U64, R2, R7, Slots.BATCH_TOTAL)
        .jumpIf(R1, AT_LEAST, R2, "out")
        .jumpIf(R1, AT_LEAST, MOST_OF_BATCH, "batch-rest")
        .compute(R1, ADD, 1)
        .store(U64, FP, Slots.BATCH_TURN, R1)
        .load(U64, R3, R7, Slots.BATCH_ENTRY)
        .store(U64, FP, Slots.SEGMENT_POINTER, R3)
        .move(R1, R3)
        .compute(R1, ADD, DatagramCall.ENTRY_BYTES)
        .store(U64, R7, Slots.BATCH_ENTRY, R1)
        .compute(R3, ADD, DatagramCall.ENTRY_LENGTH)
        .move(R1, FP)
        .compute(R1, ADD, Slots.PROBED)
        .move(R2, 4)
        .call(Helper.PROBE_READ_USER)
        .jumpIf(R0, NOT_EQUAL, 0, "out")
        .load(U32, R8, FP, Slots.PROBED)
        .move(R9, 0)
        .jumpIf(R8, NOT_EQUAL, 0, "datagram-message")
        .jump("batch-next")
        .label("batch-rest");
    Missing.HIDDEN.count(code, Slots.IDS, Slots.KEY, "counted-rest");
    code.jump("out");
  }

  @Override
  public void done(Assembler code) {
    code.load(U64, R1, FP, Slots.TCP)
        .jumpIf(R1, NOT_EQUAL, 0, "out")
        .load(U64, R1, R7, Slots.BATCH_TOTAL)
        .jumpIf(R1, NOT_EQUAL, 0, "batch-next");
  }

  @Override
  public void failed(Assembler code, boolean sending) {
    // What failed was turned away at once.
  }

  /** Reads and writes that move bytes; the registers' address stays on the stack. */
  private void onlyTransfers(Assembler code, boolean sending) {
    Calls calls = kernel.architecture().calls();
    KernelLayout.Registers registers = kernel.registers();
    code.call(Helper.GET_CURRENT_TASK_BTF)
        .move(R6, R0)
        .move(R1, R0)
        .call(Helper.TASK_PT_REGS)
        .load(U64, R2, R0, registers.first())
        .store(U64, FP, Slots.DESCRIPTOR, R2)
        .store(U64, FP, Slots.BATCH_TURN, 0)
        .load(U32, R1, R0, registers.number())
        .jumpIf(R1, EQUAL, sending ? calls.write() : calls.read(), "transfer")
        .jumpIf(R1, EQUAL, sending ? calls.writev() : calls.readv(), "transfer");
    if (sending) {
      code.jumpIf(R1, EQUAL, calls.sendto(), "transfer")
          .jumpIf(R1, EQUAL, calls.sendmsg(), "transfer")
          .jumpIf(R1, NOT_EQUAL, calls.sendmmsg(), "out")
          .store(U64, FP, Slots.BATCH_TURN, 1);
    } else {
      code.load(U64, R2, R0, registers.fourth())
          .jumpIf(R1, EQUAL, calls.recvfrom(), "flags")
          .jumpIf(R1, NOT_EQUAL, calls.recvmmsg(), "not-batch")
          .store(U64, FP, Slots.BATCH_TURN, 1)
          .jump("flags")
          .label("not-batch")
          .load(U64, R2, R0, registers.third())
          .jumpIf(R1, NOT_EQUAL, calls.recvmsg(), "out")
          .label("flags")
          .jumpIf(R2, ANY_BIT, SocketSite.NOT_CONSUMING, "out");
    }
    code.label("transfer");
  }

  /** From the task in R6 and the descriptor to {@code struct file} in R7. */
  private void file(Assembler code) {
    KernelLayout.Files files = kernel.files();
    code.load(U64, R1, R6, files.taskFiles())
        .load(U64, R1, R1, files.table())
        .load(U64, R7, R1, files.descriptors())
        .load(U64, R1, FP, Slots.DESCRIPTOR)
        .compute(R1, SHIFT_LEFT, 32)
        .compute(R1, SHIFT_RIGHT, 32 - 3)
        .compute(R7, ADD, R1);
    probe(code, U64, R7, 0);
    code.move(R7, R1);
  }

  @Override
  public void state(Assembler code) {
    find(code);
    code.jumpIf(R0, NOT_EQUAL, 0, "known-socket");
    for (int at = 0; at < Maps.STATE_BYTES; at += 8) {
      code.store(U64, FP, Slots.NEW_STATE + at, 0);
    }
    code.call(Helper.KTIME_GET_NS)
        .store(U64, FP, Slots.NEW_STATE + Maps.STATE_ID, R0)
        .map(R1, Maps.SOCKETS)
        .move(R2, FP)
        .compute(R2, ADD, Slots.SOCKET)
        .move(R3, FP)
        .compute(R3, ADD, Slots.NEW_STATE)
        .move(R4, 0)
        .call(Helper.MAP_UPDATE);
    find(code);
    code.jumpIf(R0, EQUAL, 0, "out").label("known-socket");
  }

  private static void find(Assembler code) {
    key(code);
    code.call(Helper.MAP_LOOKUP);
  }

  private static void key(Assembler code) {
    code.store(U64, FP, Slots.SOCKET, R6)
        .map(R1, Maps.SOCKETS)
        .move(R2, FP)
        .compute(R2, ADD, Slots.SOCKET);
  }

  @Override
  public void cookie(Assembler code) {
    code.load(U64, R1, FP, Slots.STATE)
        .load(U64, R0, R1, Maps.STATE_ID)
        .store(U64, FP, Slots.COOKIE, R0);
  }

  @Override
  public void endingState(Assembler code) {
    find(code);
    code.jumpIf(R0, EQUAL, 0, "out");
  }

  @Override
  public void endingCookie(Assembler code, int field) {
    code.load(U64, R1, R0, Maps.STATE_ID).store(U64, R7, field, R1);
  }

  @Override
  public void endingTcp(Assembler code) {
    code.move(R8, R6);
  }

  @Override
  public void forget(Assembler code) {
    key(code);
    code.call(Helper.MAP_DELETE);
  }

  @Override
  public void load(Assembler code, Width width, Register target, Register base, int offset) {
    code.move(R3, base);
    fetch(code, width, offset);
    code.load(width, target, FP, Slots.PROBED);
  }

  @Override
  public void copy(Assembler code, int bytes, Register base, int offset, int field) {
    code.move(R1, R7)
        .compute(R1, ADD, field)
        .move(R2, bytes)
        .move(R3, base)
        .compute(R3, ADD, offset)
        .call(Helper.PROBE_READ_KERNEL);
  }

  @Override
  public void copyTcp(Assembler code, int bytes, int offset, int field) {
    copy(code, bytes, R6, offset, field);
  }

  @Override
  public void follow(Assembler code, Register base, int... offsets) {
    code.move(R3, base);
    for (int i = 0; i < offsets.length - 1; i++) {
      fetch(code, U64, offsets[i]);
      code.load(U64, R3, FP, Slots.PROBED);
    }
    fetch(code, U32, offsets[offsets.length - 1]);
    code.load(U32, R1, FP, Slots.PROBED);
  }

  /** Loads a field into R1, or gives up. */
  private static void probe(Assembler code, Width width, Register base, int offset) {
    code.move(R3, base);
    fetch(code, width, offset);
    code.jumpIf(R0, NOT_EQUAL, 0, "out").load(width, R1, FP, Slots.PROBED);
  }

  /** Reads from the address in R3 into the slot. */
  private static void fetch(Assembler code, Width width, int offset) {
    code.compute(R3, ADD, offset)
        .move(R1, FP)
        .compute(R1, ADD, Slots.PROBED)
        .move(R2, width.bytes())
        .call(Helper.PROBE_READ_KERNEL);
  }
}
