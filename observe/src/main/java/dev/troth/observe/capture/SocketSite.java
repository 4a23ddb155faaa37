package dev.troth.observe.capture;

import static dev.troth.observe.bpf.Comparison.ANY_BIT;
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

  private static final int CREATE = 1;

  @Override
  public void enter(Assembler code, boolean sending) {
    code.load(U64, R6, R1, 0).load(U64, R8, R1, 8).signExtend(R8);
    if (!sending) {
      code.load(U64, R2, R1, 16).jumpIf(R2, ANY_BIT, NOT_CONSUMING, "out");
    }
    code.jumpIf(R8, S_AT_MOST, 0, "out");
  }

  @Override
  public void socket(Assembler code, boolean sending) {
    code.load(U16, R1, R6, kernel.socket().family()).jumpIf(R1, NOT_EQUAL, UNIX, "not-unix");
    Missing.UNIX.count(code, Slots.IDS, Slots.KEY, "counted-unix");
    code.jump("out").label("not-unix");
    tcp(code);
    code.store(U64, FP, Slots.TCP, R0);
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
