package dev.troth.observe.capture;

import static dev.troth.observe.bpf.Arithmetic.ADD;
import static dev.troth.observe.bpf.Arithmetic.SHIFT_LEFT;
import static dev.troth.observe.bpf.Arithmetic.SHIFT_RIGHT;
import static dev.troth.observe.bpf.Comparison.EQUAL;
import static dev.troth.observe.bpf.Comparison.NOT_EQUAL;
import static dev.troth.observe.bpf.Register.FP;
import static dev.troth.observe.bpf.Register.R0;
import static dev.troth.observe.bpf.Register.R1;
import static dev.troth.observe.bpf.Register.R2;
import static dev.troth.observe.bpf.Register.R3;
import static dev.troth.observe.bpf.Register.R7;
import static dev.troth.observe.bpf.Register.R8;
import static dev.troth.observe.bpf.Register.R9;
import static dev.troth.observe.bpf.Width.U16;
import static dev.troth.observe.bpf.Width.U32;
import static dev.troth.observe.bpf.Width.U64;

import dev.troth.observe.bpf.Assembler;
import dev.troth.observe.bpf.Helper;
import dev.troth.observe.kernel.Architecture.Calls;

/**
 * Finds the user's memory from the registers of the system call that is about to return: one piece
 * ({@code read}, {@code sendto}), or segments ({@code writev}, {@code recvmsg}). Goes on at {@code
 * first} with the first segment in {@link Slots#IOV}; at {@code cookie} when the bytes are out of
 * reach, at {@code unreadable} when they could not be read.
 */
final class CallMemory {
  /** The code segment of a 64-bit caller; a 32-bit one has other system call numbers. */
  private static final int SEGMENT_64 = 0x33;

  private static final int IOV_BYTES = 16;
  private static final int MSGHDR_IOV = 16;

  private CallMemory() {}

  static void find(Assembler code, KernelLayout kernel, boolean sending) {
    KernelLayout.Registers registers = kernel.registers();
    Calls calls = kernel.architecture().calls();
    code.call(Helper.GET_CURRENT_TASK_BTF).move(R1, R0).call(Helper.TASK_PT_REGS);
    registers
        .codeSegment()
        .ifPresent(at -> code.load(U16, R1, R0, at).jumpIf(R1, NOT_EQUAL, SEGMENT_64, "out"));
    code.load(U64, R1, R0, registers.first())
        .compute(R1, SHIFT_LEFT, 32)
        .compute(R1, SHIFT_RIGHT, 32)
        .store(U64, FP, Slots.DESCRIPTOR, R1)
        .load(U64, R2, R0, registers.second())
        .store(U64, FP, Slots.SEGMENT_POINTER, R2)
        .load(U64, R3, R0, registers.third())
        .store(U64, R7, Slots.SEGMENTS_LEFT, R3)
        .store(U64, R7, Slots.BYTES_LEFT, R8)
        .store(U64, FP, Slots.TURN, 0)
        .store(U64, R7, Slots.CARRIED, 0)
        .move(R9, 0)
        .load(U32, R1, R0, registers.number())
        .jumpIf(R1, EQUAL, sending ? calls.write() : calls.read(), "one")
        .jumpIf(R1, EQUAL, sending ? calls.sendto() : calls.recvfrom(), "one")
        .jumpIf(R1, EQUAL, sending ? calls.writev() : calls.readv(), "many")
        .jumpIf(R1, EQUAL, sending ? calls.sendmsg() : calls.recvmsg(), "message");
    // sendfile, splice, io_uring: the bytes are out of reach, their number is not.
    code.load(U64, R1, FP, Slots.STATE)
        .load(U32, R1, R1, Maps.STATE_VERDICT)
        .jumpIf(R1, EQUAL, Maps.VERDICT_WATCHED, "cookie");
    Missing.HIDDEN.count(code, Slots.IDS, Slots.KEY, "counted-hidden");
    code.jump("out");

    code.label("message");
    read(code, Slots.VECTOR, MSGHDR_IOV, "unreadable");
    code.load(U64, R1, FP, Slots.VECTOR)
        .store(U64, FP, Slots.SEGMENT_POINTER, R1)
        .load(U64, R1, FP, Slots.VECTOR + 8)
        .store(U64, R7, Slots.SEGMENTS_LEFT, R1);
    code.label("many");
    segment(code, "unreadable");
    code.jump("first");

    code.label("one")
        .store(U64, FP, Slots.IOV, R2)
        .store(U64, FP, Slots.IOV_LENGTH, R8)
        .store(U64, R7, Slots.SEGMENTS_LEFT, 1);
  }

  /** Reads the segment at the pointer. */
  static void segment(Assembler code, String unreadable) {
    read(code, Slots.IOV, 0, unreadable);
  }

  private static void read(Assembler code, int slot, int offset, String unreadable) {
    code.move(R1, FP)
        .compute(R1, ADD, slot)
        .move(R2, IOV_BYTES)
        .load(U64, R3, FP, Slots.SEGMENT_POINTER);
    if (offset != 0) {
      code.compute(R3, ADD, offset);
    }
    code.call(Helper.PROBE_READ_USER).jumpIf(R0, NOT_EQUAL, 0, unreadable);
  }
}
