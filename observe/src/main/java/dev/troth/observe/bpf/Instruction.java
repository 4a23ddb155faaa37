package dev.troth.observe.bpf;

import java.nio.ByteBuffer;

/**
 * One 8-byte slot of a program (RFC 9669 §3): opcode, two register fields, a signed 16-bit offset
 * and a signed 32-bit immediate. A 64-bit load takes two slots.
 */
public record Instruction(int opcode, int target, int source, int offset, int immediate) {
  /** The size of a slot in bytes. */
  public static final int BYTES = 8;

  public Instruction {
    if ((opcode & ~0xff) != 0) {
      throw new IllegalArgumentException("opcode is " + opcode + ", expected 0 to 255");
    }
    if (offset != (short) offset) {
      throw new IllegalArgumentException("offset is " + offset + ", expected 16 bits");
    }
  }

  Instruction withOffset(int newOffset) {
    return new Instruction(opcode, target, source, newOffset, immediate);
  }

  Instruction withImmediate(int newImmediate) {
    return new Instruction(opcode, target, source, offset, newImmediate);
  }

  /** Appends the slot; the buffer must be in the byte order of the machine. */
  void writeTo(ByteBuffer buffer) {
    buffer
        .put((byte) opcode)
        .put((byte) (target | source << 4))
        .putShort((short) offset)
        .putInt(immediate);
  }
}
