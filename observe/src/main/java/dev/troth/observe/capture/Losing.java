package dev.troth.observe.capture;

import static dev.troth.observe.bpf.Arithmetic.ADD;
import static dev.troth.observe.bpf.Arithmetic.SHIFT_RIGHT;
import static dev.troth.observe.bpf.Comparison.EQUAL;
import static dev.troth.observe.bpf.Comparison.NOT_EQUAL;
import static dev.troth.observe.bpf.Register.FP;
import static dev.troth.observe.bpf.Register.R0;
import static dev.troth.observe.bpf.Register.R1;
import static dev.troth.observe.bpf.Register.R2;
import static dev.troth.observe.bpf.Register.R3;
import static dev.troth.observe.bpf.Register.R4;
import static dev.troth.observe.bpf.Width.U32;
import static dev.troth.observe.bpf.Width.U64;

import dev.troth.observe.bpf.Assembler;
import dev.troth.observe.bpf.Helper;

/** Counts an event that found no room, in all and for its process; loses R0 to R5. */
final class Losing {
  /** Only if there is none yet: another processor may have been faster. */
  private static final int IF_ABSENT = 1;

  private Losing() {}

  /**
   * @param ids the slot on the stack of process and thread
   * @param key one for a number
   * @param value one for the first count
   */
  static void count(Assembler code, int ids, int key, int value, String label) {
    Counting.add(code, Maps.COUNT_LOST, key, label);
    code.load(U64, R1, FP, ids).compute(R1, SHIFT_RIGHT, 32).store(U32, FP, key, R1);
    find(code, key);
    code.jumpIf(R0, NOT_EQUAL, 0, label + "-known")
        .store(U64, FP, value, 0)
        .map(R1, Maps.LOST)
        .move(R2, FP)
        .compute(R2, ADD, key)
        .move(R3, FP)
        .compute(R3, ADD, value)
        .move(R4, IF_ABSENT)
        .call(Helper.MAP_UPDATE);
    find(code, key);
    code.jumpIf(R0, EQUAL, 0, label + "-full")
        .label(label + "-known")
        .move(R1, 1)
        .addAtomically(U64, R0, 0, R1)
        .label(label + "-full");
  }

  private static void find(Assembler code, int key) {
    code.map(R1, Maps.LOST).move(R2, FP).compute(R2, ADD, key).call(Helper.MAP_LOOKUP);
  }
}
