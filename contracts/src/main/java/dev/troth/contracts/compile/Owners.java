package dev.troth.contracts.compile;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/** Names and shapes that generated code refers to. */
final class Owners {
  static final ClassDesc VALUES = desc(Values.class);
  static final ClassDesc TEXT = desc(Text.class);
  static final ClassDesc WORDS = desc(Words.class);
  static final ClassDesc DECIMALS = desc(Decimals.class);
  static final ClassDesc MARKS = desc(Marks.class);
  static final ClassDesc PLAIN = desc(Plain.class);
  static final ClassDesc KEY_TABLE = desc(KeyTable.class);
  static final ClassDesc BYTES = ConstantDescs.CD_byte.arrayType();
  static final ClassDesc INTS = ConstantDescs.CD_int.arrayType();

  /** (document, tape, index) → boolean. */
  static final MethodTypeDesc TEST = shape(ConstantDescs.CD_boolean);

  /** The same with the marks of the value. */
  static final MethodTypeDesc MARKING_TEST = shape(ConstantDescs.CD_boolean, MARKS);

  /** (bytes, from, length) → position or -1. */
  static final MethodTypeDesc FIND =
      MethodTypeDesc.of(ConstantDescs.CD_int, BYTES, ConstantDescs.CD_int, ConstantDescs.CD_int);

  private Owners() {}

  static ClassDesc desc(Class<?> type) {
    return ClassDesc.ofDescriptor(type.descriptorString());
  }

  /** (document, tape, index, more...) → result. */
  static MethodTypeDesc shape(ClassDesc result, ClassDesc... more) {
    ClassDesc[] parameters = new ClassDesc[3 + more.length];
    parameters[0] = BYTES;
    parameters[1] = INTS;
    parameters[2] = ConstantDescs.CD_int;
    System.arraycopy(more, 0, parameters, 3, more.length);
    return MethodTypeDesc.of(result, parameters);
  }
}
