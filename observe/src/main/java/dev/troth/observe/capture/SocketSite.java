package dev.troth.observe.capture;

import static dev.troth.observe.bpf.Arithmetic.ADD;
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

/**
 * The tracepoints {@code sock_send_length} and {@code sock_recv_length}: they hand over the socket,
 * which the verifier trusts, so that its fields are plain loads and its state is stored beside it.
 * They run on socket calls alone.
 */
record SocketSite(KernelLayout kernel) implements HookSite {
  /** Reads that leave the bytes in the socket, or read something else: OOB, PEEK, ERRQUEUE. */
  static final int NOT_CONSUMING = 0x1 | 0x2 | 0x2000;

  /** {@code AF_UNIX}. */
  static final int UNIX = 1;

  /** {@code IPPROTO_UDP}. */
  static final int UDP = 17;

  private static final int CREATE = 1;

  /** The entries of a call of several datagrams have 64 bytes. */
  private static final int ENTRY_SHIFT = 6;

  @Override
  public void enter(Assembler code, boolean sending) {
    code.load(U64, R6, R1, 0).load(U64, R8, R1, 8).signExtend(R8);
    if (!sending) {
      code.load(U64, R2, R1, 16).jumpIf(R2, ANY_BIT, NOT_CONSUMING, "out");
    }
    code.jumpIf(R8, S_AT_MOST, 0, "failed");
  }

  @Override
  public void socket(Assembler code, boolean sending) {
    code.load(U16, R1, R6, kernel.socket().family()).jumpIf(R1, NOT_EQUAL, UNIX, "not-unix");
    Missing.UNIX.count(code, Slots.IDS, Slots.KEY, "counted-unix");
    code.jump("out").label("not-unix");
    code.move(R1, R6)
        .call(Helper.SKC_TO_TCP_SOCK)
        .jumpIf(R0, NOT_EQUAL, 0, "stream")
        .load(U16, R1, R6, kernel.files().protocol())
        .jumpIf(R1, NOT_EQUAL, UDP, "out")
        .move(R0, 0)
        .label("stream")
        .store(U64, FP, Slots.TCP, R0);
  }

  /**
   * Each datagram of such a call comes by itself, and nothing but their order tells them apart. So
   * the thread's place is remembered, and believed only if the kernel has written the length of the
   * one before it where it should be: else this is another call's first one.
   */
  @Override
  public void batch(Assembler code, boolean sending) {
    String batches = sending ? Maps.SENT_BATCHES : Maps.RECEIVED_BATCHES;
    ofThread(code, batches);
    code.call(Helper.MAP_LOOKUP)
        .jumpIf(R0, EQUAL, 0, "batch-chosen")
        .load(U64, R1, R0, 0)
        .store(U64, FP, Slots.BATCH, R1)
        .move(R9, R1)
        .compute(R9, SHIFT_LEFT, 32)
        .compute(R9, SHIFT_RIGHT, 32);
    entry(code);
    code.move(R3, R1)
        .compute(R3, ADD, DatagramCall.ENTRY_LENGTH - DatagramCall.ENTRY_BYTES)
        .move(R1, FP)
        .compute(R1, ADD, Slots.PROBED)
        .move(R2, 4)
        .call(Helper.PROBE_READ_USER)
        .jumpIf(R0, NOT_EQUAL, 0, "batch-first")
        .load(U32, R1, FP, Slots.PROBED)
        .load(U32, R2, FP, Slots.BATCH + 4)
        .jumpIf(R1, EQUAL, R2, "batch-chosen")
        .label("batch-first")
        .move(R9, 0)
        .label("batch-chosen");
    entry(code);
    code.store(U64, FP, Slots.SEGMENT_POINTER, R1)
        .compute(R9, ADD, 1)
        .store(U32, FP, Slots.BATCH, R9)
        .store(U32, FP, Slots.BATCH + 4, R8)
        .load(U64, R1, R7, Slots.SEGMENTS_LEFT)
        .jumpIf(R9, AT_LEAST, R1, "batch-last");
    ofThread(code, batches);
    code.move(R3, FP)
        .compute(R3, ADD, Slots.BATCH)
        .move(R4, 0)
        .call(Helper.MAP_UPDATE)
        .jump("batch-known")
        .label("batch-last");
    ofThread(code, batches);
    code.call(Helper.MAP_DELETE).label("batch-known").move(R9, 0);
  }

  private static void ofThread(Assembler code, String batches) {
    code.map(R1, batches).move(R2, FP).compute(R2, ADD, Slots.IDS);
  }

  /** The address of entry R9, into R1. */
  private static void entry(Assembler code) {
    code.load(U64, R1, FP, Slots.SEGMENT_POINTER)
        .move(R2, R9)
        .compute(R2, SHIFT_LEFT, ENTRY_SHIFT)
        .compute(R1, ADD, R2);
  }

  @Override
  public void done(Assembler code) {
    // Each datagram of a call comes by itself.
  }

  /** A call of several datagrams ends with the first one that fails, as when none is there. */
  @Override
  public void failed(Assembler code, boolean sending) {
    code.label("failed")
        .load(U16, R1, R6, kernel.files().protocol())
        .jumpIf(R1, NOT_EQUAL, UDP, "out")
        .call(Helper.GET_CURRENT_PID_TGID)
        .store(U64, FP, Slots.IDS, R0)
        .compute(R0, SHIFT_RIGHT, 32)
        .store(U32, FP, Slots.KEY, R0)
        .map(R1, Maps.TARGETS)
        .move(R2, FP)
        .compute(R2, ADD, Slots.KEY)
        .call(Helper.MAP_LOOKUP)
        .jumpIf(R0, EQUAL, 0, "out");
    ofThread(code, sending ? Maps.SENT_BATCHES : Maps.RECEIVED_BATCHES);
    code.call(Helper.MAP_DELETE).jump("out");
  }

  private static void tcp(Assembler code) {
    code.move(R1, R6).call(Helper.SKC_TO_TCP_SOCK).jumpIf(R0, EQUAL, 0, "out");
  }

  @Override
  public void state(Assembler code) {
    storage(code, CREATE);
  }

  private static void storage(Assembler code, int flags) {
    code.map(R1, Maps.SOCKETS)
        .move(R2, R6)
        .move(R3, 0)
        .move(R4, flags)
        .call(Helper.SK_STORAGE_GET)
        .jumpIf(R0, EQUAL, 0, "out");
  }

  @Override
  public void cookie(Assembler code) {
    code.move(R1, R6).call(Helper.GET_SOCKET_COOKIE).store(U64, FP, Slots.COOKIE, R0);
  }

  @Override
  public void endingState(Assembler code) {
    storage(code, 0);
  }

  @Override
  public void endingCookie(Assembler code, int field) {
    code.move(R1, R6).call(Helper.GET_SOCKET_COOKIE).store(U64, R7, field, R0);
  }

  @Override
  public void endingTcp(Assembler code) {
    tcp(code);
    code.move(R8, R0);
  }

  @Override
  public void forget(Assembler code) {
    // The kernel frees the storage together with each socket.
  }

  @Override
  public void load(Assembler code, Width width, Register target, Register base, int offset) {
    code.load(width, target, base, offset);
  }

  @Override
  public void copy(Assembler code, int bytes, Register base, int offset, int field) {
    Width width = bytes == 8 ? U64 : U32; // addresses of 16 bytes lie at multiples of four
    for (int at = 0; at < bytes; at += width.bytes()) {
      code.load(width, R1, base, offset + at).store(width, R7, field + at, R1);
    }
  }

  @Override
  public void copyTcp(Assembler code, int bytes, int offset, int field) {
    code.load(U64, R2, FP, Slots.TCP);
    copy(code, bytes, R2, offset, field);
  }

  @Override
  public void follow(Assembler code, Register base, int... offsets) {
    Register at = base;
    for (int i = 0; i < offsets.length - 1; i++) {
      code.load(U64, R1, at, offsets[i]);
      at = R1;
    }
    code.load(U32, R1, at, offsets[offsets.length - 1]);
  }
}
