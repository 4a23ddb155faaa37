package dev.troth.observe.bpf;

/** The condition of a 64-bit conditional jump; S is signed. */
public enum Comparison {
  EQUAL(0x10, "=="),
  ABOVE(0x20, ">"),
  AT_LEAST(0x30, ">="),
  ANY_BIT(0x40, "&"),
  NOT_EQUAL(0x50, "!="),
  S_ABOVE(0x60, "s>"),
  S_AT_LEAST(0x70, "s>="),
  BELOW(0xa0, "<"),
  AT_MOST(0xb0, "<="),
  S_BELOW(0xc0, "s<"),
  S_AT_MOST(0xd0, "s<=");

  final int code;
  final String sign;

  Comparison(int code, String sign) {
    this.code = code;
    this.sign = sign;
  }
}
