package dev.troth.observe.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * An assembled program whose maps are still names: the immediate of a map load is an index into
 * {@link #maps()} until {@link #link} puts the file descriptors in.
 */
public record Program(String name, List<Instruction> instructions, List<String> maps) {
  /** The most bytes of a name that the kernel keeps. */
  private static final int NAME_LIMIT = 15;

  public Program {
    if (name.isEmpty() || name.length() > NAME_LIMIT) {
      throw new IllegalArgumentException(
          "program name is '" + name + "', expected 1 to " + NAME_LIMIT + " characters");
    }
    instructions = List.copyOf(instructions);
    maps = List.copyOf(maps);
  }

  /** The bytes that the kernel loads, little-endian, with each map's descriptor in place. */
  public byte[] link(ToIntFunction<String> descriptors) {
    ByteBuffer code =
        ByteBuffer.allocate(instructions.size() * Instruction.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (Instruction instruction : instructions) {
      Instruction linked =
          Opcodes.isMapLoad(instruction)
              ? instruction.withImmediate(descriptors.applyAsInt(maps.get(instruction.immediate())))
              : instruction;
      linked.writeTo(code);
    }
    return code.array();
  }
}
