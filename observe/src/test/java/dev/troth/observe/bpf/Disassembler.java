package dev.troth.observe.bpf;

import java.util.List;

/** Prints a program one instruction a line, in the notation of the kernel's verifier log. */
public final class Disassembler {
  private Disassembler() {}

  public static String print(Program program) {
    StringBuilder text = new StringBuilder();
    List<Instruction> code = program.instructions();
    for (int at = 0; at < code.size(); at++) {
      text.append(at).append(": ").append(line(program, at)).append('\n');
      if (code.get(at).opcode() == Opcodes.LOAD_64) {
        at++;
      }
    }
    return text.toString();
  }

  private static String line(Program program, int at) {
    Instruction i = program.instructions().get(at);
    return switch (i.opcode()) {
      case Opcodes.LOAD_64 ->
          Opcodes.isMapLoad(i)
              ? register(i.target()) + " = map[" + program.maps().get(i.immediate()) + "]"
              : register(i.target())
                  + " = 0x%08x%08x"
                      .formatted(program.instructions().get(at + 1).immediate(), i.immediate());
      case Opcodes.TO_BIG_ENDIAN ->
          register(i.target()) + " = be" + i.immediate() + " " + register(i.target());
      case Opcodes.JUMP_ALWAYS -> "goto " + goal(i, at);
      case Opcodes.CALL ->
          i.source() == Opcodes.KERNEL_FUNCTION
              ? "call kernel function " + i.immediate()
              : "call " + Helper.of(i.immediate()).symbol;
      case Opcodes.EXIT -> "exit";
      default -> byClass(i, at);
    };
  }

  private static String byClass(Instruction i, int at) {
    String target = register(i.target());
    return switch (i.opcode() & Opcodes.CLASS_MASK) {
      case Opcodes.LOAD -> target + " = " + memory(i, i.source());
      case Opcodes.STORE ->
          (i.opcode() & Opcodes.MODE_MASK) == Opcodes.ATOMIC
              ? "lock " + memory(i, i.target()) + " += " + register(i.source())
              : memory(i, i.target()) + " = " + register(i.source());
      case Opcodes.STORE_IMMEDIATE -> memory(i, i.target()) + " = " + i.immediate();
      case Opcodes.JUMP ->
          "if " + target + " " + comparison(i).sign + " " + operand(i) + " goto " + goal(i, at);
      case Opcodes.ALU64 -> target + " " + arithmetic(i).sign + " " + operand(i);
      default ->
          throw new IllegalArgumentException(
              "opcode 0x%02x is not one that programs here use".formatted(i.opcode()));
    };
  }

  private static String register(int number) {
    return number == Register.FP.number() ? "fp" : "r" + number;
  }

  private static String operand(Instruction i) {
    return (i.opcode() & Opcodes.FROM_REGISTER) != 0
        ? register(i.source())
        : Integer.toString(i.immediate());
  }

  private static String memory(Instruction i, int base) {
    return "*(u%d *)(%s %s %d)"
        .formatted(
            Width.of(i.opcode()).bytes() * 8,
            register(base),
            i.offset() < 0 ? "-" : "+",
            Math.abs(i.offset()));
  }

  private static int goal(Instruction i, int at) {
    return at + 1 + i.offset();
  }

  private static Comparison comparison(Instruction i) {
    for (Comparison comparison : Comparison.values()) {
      if (comparison.code == (i.opcode() & Opcodes.OPERATION_MASK)) {
        return comparison;
      }
    }
    throw new IllegalArgumentException("opcode 0x%02x is no comparison".formatted(i.opcode()));
  }

  private static Arithmetic arithmetic(Instruction i) {
    for (Arithmetic arithmetic : Arithmetic.values()) {
      if (arithmetic.code == (i.opcode() & Opcodes.OPERATION_MASK)) {
        return arithmetic;
      }
    }
    throw new IllegalArgumentException("opcode 0x%02x is no arithmetic".formatted(i.opcode()));
  }
}
