package dev.troth.observe.bpf;

/**
 * A BPF register. R0 holds results, R1 to R5 arguments (lost in every call), R6 to R9 survive
 * calls, FP is the read-only frame pointer of the 512-byte stack.
 */
public enum Register {
  R0(0),
  R1(1),
  R2(2),
  R3(3),
  R4(4),
  R5(5),
  R6(6),
  R7(7),
  R8(8),
  R9(9),
  FP(10);

  private final int number;

  Register(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
