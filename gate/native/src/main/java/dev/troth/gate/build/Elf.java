package dev.troth.gate.build;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Linux programs: 64 bits, little-endian (System V gABI, chapters 4 and 5). */
final class Elf {
  private static final int PROGRAM_HEADERS = 0x20;
  private static final int SECTION_HEADERS = 0x28;
  private static final int PROGRAM_HEADER_SIZE = 0x36;
  private static final int PROGRAM_HEADER_COUNT = 0x38;
  private static final int SECTION_COUNT = 0x3C;
  private static final int OFFSET = 8;
  private static final int SIZE_IN_FILE = 32;

  private Elf() {}

  /**
   * A program without what lies behind its segments: names of compilers and the headers of
   * sections, which linkers read and the kernel does not.
   */
  static byte[] withoutSections(byte[] program) {
    ByteBuffer elf = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
    int at = (int) elf.getLong(PROGRAM_HEADERS);
    long end = 0;
    for (int i = 0; i < elf.getShort(PROGRAM_HEADER_COUNT); i++) {
      end = Math.max(end, elf.getLong(at + OFFSET) + elf.getLong(at + SIZE_IN_FILE));
      at += elf.getShort(PROGRAM_HEADER_SIZE);
    }
    elf.putLong(SECTION_HEADERS, 0);
    // The number of sections, and which of them holds their names.
    elf.putInt(SECTION_COUNT, 0);
    return Arrays.copyOf(program, (int) end);
  }
}
