package dev.troth.observe.capture;

import static dev.troth.observe.bpf.Arithmetic.ADD;
import static dev.troth.observe.bpf.Arithmetic.AND;
import static dev.troth.observe.bpf.Arithmetic.SUBTRACT;
import static dev.troth.observe.bpf.Comparison.AT_LEAST;
import static dev.troth.observe.bpf.Comparison.AT_MOST;
import static dev.troth.observe.bpf.Comparison.EQUAL;
import static dev.troth.observe.bpf.Comparison.NOT_EQUAL;
import static dev.troth.observe.bpf.Register.FP;
import static dev.troth.observe.bpf.Register.R0;
import static dev.troth.observe.bpf.Register.R1;
import static dev.troth.observe.bpf.Register.R2;
import static dev.troth.observe.bpf.Register.R3;
import static dev.troth.observe.bpf.Register.R4;
import static dev.troth.observe.bpf.Register.R7;
import static dev.troth.observe.bpf.Register.R8;
import static dev.troth.observe.bpf.Register.R9;
import static dev.troth.observe.bpf.Width.U32;
import static dev.troth.observe.bpf.Width.U64;
import static dev.troth.observe.bpf.Width.U8;

import dev.troth.observe.bpf.Assembler;
import dev.troth.observe.bpf.Helper;

/**
 * Copies the segments one behind the other into the scratch buffer, up to the limit; of what was
 * not copied whole, the last bytes. Ends at {@code describe}.
 */
final class PayloadCopy {
  static final int COPY_MASK = 0x7fff;
  private static final int POSITION_MASK = 0x7fff;
  private static final int SEGMENTS = 64;
  private static final int TAIL_BYTES = 8;
  private static final int IOV_BYTES = 16;

  private PayloadCopy() {}

  static void copy(Assembler code, HookSite site) {
    segments(code);
    next(code);
    tail(code);
    unreadable(code, site);
  }

  private static void segments(Assembler code) {
    code.label("segments")
        .load(U64, R1, FP, Slots.IOV_LENGTH)
        .load(U64, R2, R7, Slots.BYTES_LEFT)
        .jumpIf(R1, AT_MOST, R2, "whole")
        .move(R1, R2)
        .label("whole")
        .compute(R2, SUBTRACT, R1)
        .store(U64, R7, Slots.BYTES_LEFT, R2)
        .store(U64, R7, Slots.LAST_LENGTH, R1)
        .load(U64, R3, FP, Slots.IOV)
        .move(R4, R3)
        .compute(R4, ADD, R1)
        .store(U64, R7, Slots.LAST_END, R4)
        .load(U64, R2, R7, Slots.LIMIT)
        .compute(R2, SUBTRACT, R9)
        .jumpIf(R1, AT_MOST, R2, "fits")
        .move(R1, R2)
        .label("fits")
        .jumpIf(R1, EQUAL, 0, "next")
        .move(R2, R1)
        .compute(R2, AND, COPY_MASK)
        .move(R1, R9)
        .compute(R9, ADD, R2)
        .compute(R1, AND, POSITION_MASK)
        .compute(R1, ADD, R7)
        .compute(R1, ADD, EventLayout.HEADER)
        .call(Helper.PROBE_READ_USER)
        .jumpIf(R0, NOT_EQUAL, 0, "unreadable")
        .compute(R9, AND, COPY_MASK); // changes nothing; keeps the verifier's states alike
  }

  private static void next(Assembler code) {
    code.label("next")
        .load(U64, R1, R7, Slots.BYTES_LEFT)
        .jumpIf(R1, EQUAL, 0, "gathered")
        .load(U64, R1, R7, Slots.SEGMENTS_LEFT)
        .jumpIf(R1, AT_MOST, 1, "gathered")
        .compute(R1, ADD, -1)
        .store(U64, R7, Slots.SEGMENTS_LEFT, R1)
        .load(U64, R1, FP, Slots.TURN)
        .compute(R1, ADD, 1)
        .store(U64, FP, Slots.TURN, R1)
        .jumpIf(R1, AT_LEAST, SEGMENTS, "gathered")
        .load(U64, R3, FP, Slots.SEGMENT_POINTER)
        .compute(R3, ADD, IOV_BYTES)
        .store(U64, FP, Slots.SEGMENT_POINTER, R3);
    CallMemory.segment(code);
    code.jump("segments");
  }

  /** The last bytes of a message that was not captured whole tell whether a chunked body ends. */
  private static void tail(Assembler code) {
    code.label("gathered");
    noTail(code);
    code.jumpIf(R9, AT_LEAST, R8, "describe")
        .load(U64, R1, R7, Slots.BYTES_LEFT)
        .jumpIf(R1, NOT_EQUAL, 0, "describe")
        .load(U64, R2, R7, Slots.LAST_LENGTH)
        .jumpIf(R2, AT_MOST, TAIL_BYTES, "ending")
        .move(R2, TAIL_BYTES)
        .label("ending")
        .compute(R2, AND, 15)
        .store(U8, R7, EventLayout.TAIL_LENGTH, R2)
        .load(U64, R3, R7, Slots.LAST_END)
        .compute(R3, SUBTRACT, R2)
        .move(R1, R7)
        .compute(R1, ADD, EventLayout.TAIL)
        .call(Helper.PROBE_READ_USER)
        .jump("describe");
  }

  /** Of bytes out of reach a watched socket's event tells their number. */
  private static void unreadable(Assembler code, HookSite site) {
    code.label("unreadable");
    Missing.UNREADABLE.count(code, Slots.IDS, Slots.KEY, "counted-unreadable");
    code.load(U64, R1, FP, Slots.STATE)
        .load(U32, R1, R1, Maps.STATE_VERDICT)
        .jumpIf(R1, NOT_EQUAL, Maps.VERDICT_WATCHED, "out");
    code.label("cookie");
    site.cookie(code);
    code.move(R9, 0);
    noTail(code);
  }

  private static void noTail(Assembler code) {
    code.store(U64, R7, EventLayout.TAIL, 0).store(U64, R7, EventLayout.TAIL_LENGTH, 0);
  }
}
