package dev.troth.contracts.compile;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Generates a method that finds a string of the tape among known texts: by length, then by words of
 * eight bytes. Its result is the position of the text, or -1.
 */
final class KeyMethod {
  /** (document, tape, index) → position. */
  static final MethodTypeDesc SHAPE = Owners.shape(ConstantDescs.CD_int);

  /** More texts than this are found through a table. */
  private static final int MOST = 64;

  private static final int BYTES = 0;
  private static final int FROM = 1;
  private static final int LENGTH = 2;
  private static final int WORD = 3;

  private final Compiler compiler;
  private final List<byte[]> texts;
  private final List<String> strings;

  KeyMethod(Compiler compiler, List<String> texts) {
    this.compiler = compiler;
    this.strings = texts;
    this.texts = texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }

  /** The name of the method. */
  String generate() {
    String find = compiler.newName();
    compiler.method(find, Owners.FIND, texts.size() > MOST ? this::table : this::words);
    String name = compiler.newName();
    compiler.method(name, SHAPE, code -> onTape(code, find));
    return name;
  }

  /** Escaped strings are decoded first; they are rare. */
  private static void onTape(CodeBuilder code, String find) {
    Label escaped = code.newLabel();
    code.aload(1).iload(2).iaload().loadConstant(Tape.ESCAPED).iand().ifne(escaped);
    code.aload(0);
    element(code, 1);
    element(code, 2);
    element(code, 1);
    code.isub().invokestatic(Compiler.SELF, find, Owners.FIND).ireturn();
    code.labelBinding(escaped).aload(0);
    element(code, 1);
    element(code, 2);
    code.invokestatic(
            Owners.PLAIN,
            "of",
            MethodTypeDesc.of(
                Owners.PLAIN, Owners.BYTES, ConstantDescs.CD_int, ConstantDescs.CD_int))
        .astore(3)
        .aload(3)
        .getfield(Owners.PLAIN, "bytes", Owners.BYTES)
        .iconst_0()
        .aload(3)
        .getfield(Owners.PLAIN, "length", ConstantDescs.CD_int)
        .invokestatic(Compiler.SELF, find, Owners.FIND)
        .ireturn();
  }

  private static void element(CodeBuilder code, int offset) {
    code.aload(1).iload(2).loadConstant(offset).iadd().iaload();
  }

  private void table(CodeBuilder code) {
    compiler.constant(code, new KeyTable(strings), KeyTable.class);
    code.aload(BYTES)
        .iload(FROM)
        .iload(LENGTH)
        .invokevirtual(Owners.KEY_TABLE, "find", Owners.FIND)
        .ireturn();
  }

  private void words(CodeBuilder code) {
    Map<Integer, List<Integer>> byLength = new TreeMap<>();
    for (int k = 0; k < texts.size(); k++) {
      byLength.computeIfAbsent(texts.get(k).length, _ -> new ArrayList<>()).add(k);
    }
    Label none = code.newLabel();
    List<SwitchCase> cases = new ArrayList<>();
    byLength.keySet().forEach(length -> cases.add(SwitchCase.of(length, code.newLabel())));
    code.iload(LENGTH).lookupswitch(none, cases);
    for (SwitchCase one : cases) {
      code.labelBinding(one.target());
      if (one.caseValue() > 0) {
        code.aload(BYTES).iload(FROM).loadConstant(one.caseValue());
        code.invokestatic(Owners.WORDS, "first", firstShape()).lstore(WORD);
      }
      for (int k : byLength.getOrDefault(one.caseValue(), List.of())) {
        text(code, texts.get(k), k);
      }
      code.goto_(none);
    }
    code.labelBinding(none).iconst_m1().ireturn();
  }

  private static MethodTypeDesc firstShape() {
    return MethodTypeDesc.of(
        ConstantDescs.CD_long, Owners.BYTES, ConstantDescs.CD_int, ConstantDescs.CD_int);
  }

  private void text(CodeBuilder code, byte[] text, int position) {
    Label differs = code.newLabel();
    if (text.length > 0) {
      code.lload(WORD).loadConstant(Words.first(text, 0, text.length)).lcmp().ifne(differs);
    }
    for (int done = 8; done < text.length; done += 8) {
      // The last word overlaps the one before it.
      int at = Math.min(done, text.length - 8);
      code.aload(BYTES).iload(FROM).loadConstant(at).iadd();
      code.invokestatic(
              Owners.WORDS,
              "at",
              MethodTypeDesc.of(ConstantDescs.CD_long, Owners.BYTES, ConstantDescs.CD_int))
          .loadConstant(Words.at(text, at))
          .lcmp()
          .ifne(differs);
    }
    code.loadConstant(position).ireturn().labelBinding(differs);
  }
}
