package dev.troth.observe.bpf;

/** The opcode bits of RFC 9669 §3.1: class, source flag, memory modes. */
final class Opcodes {
  static final int LOAD = 0x01;
  static final int STORE_IMMEDIATE = 0x02;
  static final int STORE = 0x03;
  static final int JUMP = 0x05;
  static final int ALU64 = 0x07;
  static final int CLASS_MASK = 0x07;
  static final int MODE_MASK = 0xe0;
  static final int OPERATION_MASK = 0xf0;

  static final int FROM_REGISTER = 0x08;
  static final int MEMORY = 0x60;
  static final int ATOMIC = 0xc0;
  static final int LOAD_64 = 0x18;
  static final int MAP_DESCRIPTOR = 1;

  static final int JUMP_ALWAYS = 0x05;
  static final int CALL = 0x85;
  static final int KERNEL_FUNCTION = 2;
  static final int EXIT = 0x95;
  static final int TO_BIG_ENDIAN = 0xdc;

  private Opcodes() {}

  static boolean isMapLoad(Instruction instruction) {
    return instruction.opcode() == LOAD_64 && instruction.source() == MAP_DESCRIPTOR;
  }
}
