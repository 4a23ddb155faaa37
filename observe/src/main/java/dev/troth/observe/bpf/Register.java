package dev.troth.observe.bpf;

/**
 * A BPF register. R0 holds results, R1 to R5 arguments (lost in every call), R6 to R9 survive
 * calls, FP is the read-only frame pointer of the 512-byte stack.
 */
public enum Register {
  R0,
  R1,
  R2,
  R3,
  R4,
  R5,
  R6,
  R7,
  R8,
  R9,
  FP;

  int number() {
    return ordinal();
  }
}
