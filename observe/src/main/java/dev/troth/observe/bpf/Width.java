package dev.troth.observe.bpf;

/** The width of a memory access; the code is the size field of a load or store opcode. */
public enum Width {
  U32(0x00, 4),
  U16(0x08, 2),
  U8(0x10, 1),
  U64(0x18, 8);

  final int code;
  private final int bytes;

  Width(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** How many bytes are loaded or stored. */
  public int bytes() {
    return bytes;
  }

  static Width of(int opcode) {
    for (Width width : values()) {
      if (width.code == (opcode & 0x18)) {
        return width;
      }
    }
    throw new IllegalStateException("every value of two bits is a width");
  }
}
