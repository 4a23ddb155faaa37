package dev.troth.observe.propagation;

import static dev.troth.observe.bpf.Arithmetic.ADD;
import static dev.troth.observe.bpf.Arithmetic.AND;
import static dev.troth.observe.bpf.Arithmetic.OR;
import static dev.troth.observe.bpf.Arithmetic.SHIFT_LEFT;
import static dev.troth.observe.bpf.Arithmetic.SHIFT_RIGHT;
import static dev.troth.observe.bpf.Comparison.ABOVE;
import static dev.troth.observe.bpf.Register.FP;
import static dev.troth.observe.bpf.Register.R0;
import static dev.troth.observe.bpf.Register.R1;
import static dev.troth.observe.bpf.Register.R2;
import static dev.troth.observe.bpf.Register.R3;
import static dev.troth.observe.bpf.Register.R8;
import static dev.troth.observe.bpf.Width.U16;
import static dev.troth.observe.bpf.Width.U64;
import static dev.troth.observe.bpf.Width.U8;

import dev.troth.observe.bpf.Assembler;
import dev.troth.observe.bpf.Helper;

/**
 * Writes a header line with ids that the kernel has drawn: {@code traceparent: 00-…-…-01} (W3C
 * Trace Context §3.2).
 */
final class HeaderText {
  /** The bytes of the line, its end included. */
  static final int BYTES = 70;

  private static final int TRACE = 16;
  private static final int SPAN = TRACE + 33;
  private static final int WORD = 8;

  private HeaderText() {}

  /**
   * Writes the line to R8.
   *
   * @param at the place of the line behind R8
   * @param below the place behind the frame pointer of the number below which traces are sampled
   * @param low a place of 8 bytes behind the frame pointer that is free
   */
  static void write(Assembler code, int at, int below, int low) {
    put(code, at, HeadScan.word("tracepar"));
    put(code, at + WORD, HeadScan.word("ent: 00-"));
    digits(code, at + TRACE);
    digits(code, at + TRACE + WORD);
    digits(code, at + TRACE + 2 * WORD);
    code.compute(R0, SHIFT_LEFT, 32).store(U64, FP, low, R0);
    digits(code, at + TRACE + 3 * WORD);
    code.compute(R0, SHIFT_LEFT, 32)
        .compute(R0, SHIFT_RIGHT, 32)
        .load(U64, R1, FP, low)
        .compute(R0, OR, R1)
        .compute(R0, SHIFT_RIGHT, 1)
        .store(U64, FP, low, R0);
    code.store(U8, R8, at + SPAN - 1, '-');
    digits(code, at + SPAN);
    digits(code, at + SPAN + WORD);
    code.store(U8, R8, at + SPAN + 2 * WORD, '-')
        .store(U16, R8, at + SPAN + 2 * WORD + 1, 0x3130) // 01
        .store(U16, R8, at + SPAN + 2 * WORD + 3, 0x0a0d)
        .load(U64, R1, FP, low)
        .load(U64, R2, FP, below)
        .jumpIf(R2, ABOVE, R1, "sampled")
        .store(U16, R8, at + SPAN + 2 * WORD + 1, 0x3030)
        .label("sampled");
  }

  private static void put(Assembler code, int at, long word) {
    code.constant(R1, word).store(U64, R8, at, R1);
  }

  /**
   * Draws 32 bits and writes them as eight digits; they stay in R0. The last one is made odd, so
   * that no id is zero.
   */
  private static void digits(Assembler code, int at) {
    code.call(Helper.GET_PRANDOM_U32).compute(R0, OR, 1).move(R1, R0);
    code.compute(R1, SHIFT_LEFT, 32).compute(R1, SHIFT_RIGHT, 32);
    spread(code, 16, 0x0000_ffff_0000_ffffL);
    spread(code, 8, 0x00ff_00ff_00ff_00ffL);
    spread(code, 4, 0x0f0f_0f0f_0f0f_0f0fL);
    // Of digits above nine, the sum with six has its fifth bit set: 39 more make a letter of it.
    code.constant(R2, 0x0606_0606_0606_0606L)
        .compute(R2, ADD, R1)
        .compute(R2, SHIFT_RIGHT, 4)
        .constant(R3, 0x0101_0101_0101_0101L)
        .compute(R2, AND, R3)
        .constant(R3, 0x3030_3030_3030_3030L)
        .compute(R1, ADD, R3)
        .compute(R1, ADD, R2);
    for (int shift : new int[] {1, 2, 5}) {
      code.move(R3, R2).compute(R3, SHIFT_LEFT, shift).compute(R1, ADD, R3);
    }
    code.networkOrder64(R1).store(U64, R8, at, R1);
  }

  private static void spread(Assembler code, int shift, long mask) {
    code.move(R2, R1)
        .compute(R2, SHIFT_LEFT, shift)
        .compute(R1, OR, R2)
        .constant(R2, mask)
        .compute(R1, AND, R2);
  }
}
