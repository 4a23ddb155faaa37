package dev.troth.observe.capture;

import static dev.troth.observe.bpf.Arithmetic.ADD;
import static dev.troth.observe.bpf.Comparison.EQUAL;
import static dev.troth.observe.bpf.Register.FP;
import static dev.troth.observe.bpf.Register.R0;
import static dev.troth.observe.bpf.Register.R1;
import static dev.troth.observe.bpf.Register.R2;
import static dev.troth.observe.bpf.Width.U32;
import static dev.troth.observe.bpf.Width.U64;

import dev.troth.observe.bpf.Assembler;
import dev.troth.observe.bpf.Helper;

/** Adds one to a counter of this processor; loses R0 to R5. */
final class Counting {
  private Counting() {}

  static void add(Assembler code, int counter, int keySlot, String label) {
    code.store(U32, FP, keySlot, counter)
        .map(R1, Maps.COUNTERS)
        .move(R2, FP)
        .compute(R2, ADD, keySlot)
        .call(Helper.MAP_LOOKUP)
        .jumpIf(R0, EQUAL, 0, label)
        .load(U64, R1, R0, 0)
        .compute(R1, ADD, 1)
        .store(U64, R0, 0, R1)
        .label(label);
  }
}
