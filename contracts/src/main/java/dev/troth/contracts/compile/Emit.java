package dev.troth.contracts.compile;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/** Turns of code that several generators write. */
final class Emit {
  private Emit() {}

  /** What is done with each item or member. */
  @FunctionalInterface
  interface Round {
    /** Code that tests the item or member name at a tape index and moves that index on. */
    void write(int at, int position);
  }

  /** Pushes document, tape and index. */
  static CodeBuilder value(CodeBuilder code) {
    return value(code, SchemaMethod.INDEX);
  }

  static CodeBuilder value(CodeBuilder code, int index) {
    return code.aload(SchemaMethod.DOCUMENT).aload(SchemaMethod.TAPE).iload(index);
  }

  /** Asks a schema about the value at an index and goes to {@code refused} if it says no. */
  static void call(CodeBuilder code, Compiler.Call call, int index, int marks, Label refused) {
    switch (call) {
      case Compiler.Call.Always _ -> {}
      case Compiler.Call.Refuse _ ->
          // A condition that always holds: code after a bare goto would be unreachable.
          code.iconst_0().ifeq(refused);
      case Compiler.Call.Method method -> {
        value(code, index);
        if (method.marks()) {
          code.aload(marks);
        }
        code.invokestatic(
                Compiler.SELF, method.name(), method.marks() ? Owners.MARKING_TEST : Owners.TEST)
            .ifeq(refused);
      }
    }
  }

  /** Returns true here, false from the label. */
  static void results(CodeBuilder code, Label fail) {
    code.iconst_1().ireturn().labelBinding(fail).iconst_0().ireturn();
  }

  static void newMarks(CodeBuilder code, int local) {
    code.aload(SchemaMethod.TAPE)
        .iload(SchemaMethod.INDEX)
        .invokestatic(
            Owners.MARKS, "of", MethodTypeDesc.of(Owners.MARKS, Owners.INTS, ConstantDescs.CD_int))
        .astore(local);
  }

  static void addMarks(CodeBuilder code, int to, int from) {
    code.aload(to)
        .aload(from)
        .invokevirtual(Owners.MARKS, "add", MethodTypeDesc.of(ConstantDescs.CD_void, Owners.MARKS));
  }

  /** Marks a position of the current value. */
  static void mark(CodeBuilder code, int position) {
    code.aload(SchemaMethod.MARKS)
        .iload(position)
        .invokevirtual(
            Owners.MARKS, "set", MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int));
  }

  /** Pushes the number of items or members. */
  static CodeBuilder count(CodeBuilder code) {
    return code.aload(SchemaMethod.TAPE).iload(SchemaMethod.INDEX).iconst_1().iadd().iaload();
  }

  /** Sets {@code to} to the index after the value at {@code from}. */
  static void next(CodeBuilder code, int from, int to) {
    code.aload(SchemaMethod.TAPE)
        .iload(from)
        .invokestatic(
            Owners.VALUES,
            "next",
            MethodTypeDesc.of(ConstantDescs.CD_int, Owners.INTS, ConstantDescs.CD_int))
        .istore(to);
  }

  /** A loop over the items or members of the current value. */
  static void forEach(CodeBuilder code, Round round) {
    int at = code.allocateLocal(TypeKind.INT);
    code.iload(SchemaMethod.INDEX).iconst_3().iadd().istore(at);
    forEach(code, at, 0, round);
  }

  /** The same from a position on, whose tape index is in a local already. */
  static void forEach(CodeBuilder code, int at, int first, Round round) {
    int count = code.allocateLocal(TypeKind.INT);
    int position = code.allocateLocal(TypeKind.INT);
    count(code).istore(count);
    code.loadConstant(first).istore(position);
    Label test = code.newLabel();
    Label end = code.newLabel();
    code.labelBinding(test).iload(position).iload(count).if_icmpge(end);
    round.write(at, position);
    code.iinc(position, 1).goto_(test).labelBinding(end);
  }
}
