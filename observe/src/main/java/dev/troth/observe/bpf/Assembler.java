package dev.troth.observe.bpf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a BPF program instruction by instruction:
 *
 * <pre>{@code
 * Program program = new Assembler("count")
 *     .load(U64, R6, R1, 0)
 *     .jumpIf(R6, EQUAL, 0, "out")
 *     .label("out").move(R0, 0).exit()
 *     .assemble();
 * }</pre>
 *
 * Jumps name labels, map loads name maps; {@link #assemble} resolves the first and leaves the
 * second to {@link Program#link}. Not thread-safe.
 */
public final class Assembler {
  private record Jump(int at, String label) {}

  private final String name;
  private final List<Instruction> code = new ArrayList<>();
  private final Map<String, Integer> labels = new HashMap<>();
  private final List<Jump> jumps = new ArrayList<>();
  private final List<String> maps = new ArrayList<>();

  public Assembler(String name) {
    this.name = name;
  }

  public Assembler move(Register target, Register source) {
    return compute(target, Arithmetic.MOVE, source);
  }

  public Assembler move(Register target, int value) {
    return compute(target, Arithmetic.MOVE, value);
  }

  public Assembler compute(Register target, Arithmetic operation, Register source) {
    return add(
        Opcodes.ALU64 | Opcodes.FROM_REGISTER | operation.code,
        target.number(),
        source.number(),
        0,
        0);
  }

  public Assembler compute(Register target, Arithmetic operation, int value) {
    return add(Opcodes.ALU64 | operation.code, target.number(), 0, 0, value);
  }

  /** Sign-extends the low 32 bits, as for a C {@code int} argument. */
  public Assembler signExtend(Register target) {
    return compute(target, Arithmetic.SHIFT_LEFT, 32)
        .compute(target, Arithmetic.SHIFT_RIGHT_SIGNED, 32);
  }

  /** {@code target = value}, of all 64 bits. */
  public Assembler constant(Register target, long value) {
    return add(Opcodes.LOAD_64, target.number(), 0, 0, (int) value)
        .add(0, 0, 0, 0, (int) (value >>> 32));
  }

  /** Turns all 64 bits from the host's byte order to the network's, or back. */
  public Assembler networkOrder64(Register target) {
    return add(Opcodes.TO_BIG_ENDIAN, target.number(), 0, 0, 64);
  }

  /** Turns the low 16 bits from the host's byte order to the network's, or back. */
  public Assembler networkOrder16(Register target) {
    return add(Opcodes.TO_BIG_ENDIAN, target.number(), 0, 0, 16);
  }

  /** {@code target = *(width *)(source + offset)}. */
  public Assembler load(Width width, Register target, Register source, int offset) {
    return add(
        Opcodes.LOAD | Opcodes.MEMORY | width.code, target.number(), source.number(), offset, 0);
  }

  /** {@code *(width *)(target + offset) = source}. */
  public Assembler store(Width width, Register target, int offset, Register source) {
    return add(
        Opcodes.STORE | Opcodes.MEMORY | width.code, target.number(), source.number(), offset, 0);
  }

  /** {@code *(width *)(target + offset) = value}. */
  public Assembler store(Width width, Register target, int offset, int value) {
    return add(
        Opcodes.STORE_IMMEDIATE | Opcodes.MEMORY | width.code, target.number(), 0, offset, value);
  }

  /** {@code *(width *)(target + offset) += source}, as one step for all processors. */
  public Assembler addAtomically(Width width, Register target, int offset, Register source) {
    return add(
        Opcodes.STORE | Opcodes.ATOMIC | width.code,
        target.number(),
        source.number(),
        offset,
        Arithmetic.ADD.code);
  }

  /** Loads the address of a map, which {@link Program#link} turns into its descriptor. */
  public Assembler map(Register target, String map) {
    int index = maps.indexOf(map);
    if (index < 0) {
      index = maps.size();
      maps.add(map);
    }
    return add(Opcodes.LOAD_64, target.number(), Opcodes.MAP_DESCRIPTOR, 0, index)
        .add(0, 0, 0, 0, 0);
  }

  public Assembler jump(String label) {
    return jumpTo(label).add(Opcodes.JUMP_ALWAYS, 0, 0, 0, 0);
  }

  public Assembler jumpIf(Register left, Comparison comparison, int value, String label) {
    return jumpTo(label).add(Opcodes.JUMP | comparison.code, left.number(), 0, 0, value);
  }

  public Assembler jumpIf(Register left, Comparison comparison, Register right, String label) {
    return jumpTo(label)
        .add(
            Opcodes.JUMP | Opcodes.FROM_REGISTER | comparison.code,
            left.number(),
            right.number(),
            0,
            0);
  }

  public Assembler call(Helper helper) {
    return add(Opcodes.CALL, 0, 0, 0, helper.number);
  }

  /** Calls a function of the kernel's own, by the number of its BTF type. */
  public Assembler callKernel(int function) {
    return add(Opcodes.CALL, 0, Opcodes.KERNEL_FUNCTION, 0, function);
  }

  public Assembler exit() {
    return add(Opcodes.EXIT, 0, 0, 0, 0);
  }

  public Assembler label(String label) {
    if (labels.putIfAbsent(label, code.size()) != null) {
      throw new IllegalArgumentException("label '" + label + "' is set twice in " + name);
    }
    return this;
  }

  /** How many instructions there are until now. */
  public int size() {
    return code.size();
  }

  /** The finished program; every label that a jump names must have been set. */
  public Program assemble() {
    List<Instruction> resolved = new ArrayList<>(code);
    for (Jump jump : jumps) {
      Integer goal = labels.get(jump.label);
      if (goal == null) {
        throw new IllegalArgumentException("label '" + jump.label + "' is not set in " + name);
      }
      resolved.set(jump.at, code.get(jump.at).withOffset(goal - jump.at - 1));
    }
    return new Program(name, resolved, maps);
  }

  private Assembler jumpTo(String label) {
    jumps.add(new Jump(code.size(), label));
    return this;
  }

  private Assembler add(int opcode, int target, int source, int offset, int immediate) {
    code.add(new Instruction(opcode, target, source, offset, immediate));
    return this;
  }
}
