package dev.troth.observe.bpf;

/** A 64-bit arithmetic operation. */
public enum Arithmetic {
  ADD(0x00, "+="),
  SUBTRACT(0x10, "-="),
  OR(0x40, "|="),
  AND(0x50, "&="),
  SHIFT_LEFT(0x60, "<<="),
  SHIFT_RIGHT(0x70, ">>="),
  MOVE(0xb0, "="),
  SHIFT_RIGHT_SIGNED(0xc0, "s>>=");

  final int code;
  final String sign;

  Arithmetic(int code, String sign) {
    this.code = code;
    this.sign = sign;
  }
}
