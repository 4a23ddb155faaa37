package dev.troth.contracts.compile;

import dev.troth.contracts.schema.DynamicScope;
import dev.troth.contracts.schema.JsonType;
import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Schema;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Generates the method of one schema: {@code static boolean v(byte[] document, int[] tape, int
 * index)}, with a fourth parameter for the marks if the caller wants to know what was evaluated.
 */
final class SchemaMethod {
  static final int DOCUMENT = 0;
  static final int TAPE = 1;
  static final int INDEX = 2;
  static final int MARKS = 3;

  private final Compiler compiler;
  private final Schema schema;
  private final DynamicScope scope;
  private final boolean marks;
  private final boolean unevaluated;

  SchemaMethod(Compiler compiler, Schema schema, DynamicScope scope, boolean marks) {
    this.compiler = compiler;
    this.schema = schema;
    this.scope = scope;
    this.marks = marks;
    this.unevaluated =
        schema.keyword(Keyword.UnevaluatedProperties.class).isPresent()
            || schema.keyword(Keyword.UnevaluatedItems.class).isPresent();
  }

  void generate(String name) {
    if (!unevaluated) {
      compiler.method(name, shape(marks), code -> new Body(code, marks).schema(schema.keywords()));
      return;
    }
    // Unevaluated* see what their own schema has evaluated, so it marks a sheet of its own.
    String inner = compiler.newName();
    compiler.method(
        inner, Owners.MARKING_TEST, code -> new Body(code, true).schema(schema.keywords()));
    compiler.method(name, shape(marks), code -> withOwnMarks(code, inner));
  }

  private static MethodTypeDesc shape(boolean marks) {
    return marks ? Owners.MARKING_TEST : Owners.TEST;
  }

  private void withOwnMarks(CodeBuilder code, String inner) {
    Label fail = code.newLabel();
    int own = code.allocateLocal(TypeKind.REFERENCE);
    Emit.newMarks(code, own);
    code.aload(DOCUMENT)
        .aload(TAPE)
        .iload(INDEX)
        .aload(own)
        .invokestatic(Compiler.SELF, inner, Owners.MARKING_TEST)
        .ifeq(fail);
    if (marks) {
      Emit.addMarks(code, MARKS, own);
    }
    Emit.results(code, fail);
  }

  /** Code that tests one value; its marks, if any, are in the fourth local. */
  private final class Body {
    private final CodeBuilder code;
    private final boolean marking;
    private final Label fail;
    private final int type;

    Body(CodeBuilder code, boolean marking) {
      this.code = code;
      this.marking = marking;
      this.fail = code.newLabel();
      this.type = code.allocateLocal(TypeKind.INT);
    }

    void schema(List<Keyword> keywords) {
      code.aload(TAPE).iload(INDEX).iaload().loadConstant(Tape.TYPE).iand().istore(type);
      schema.keyword(Keyword.Type.class).ifPresent(this::type);
      new ScalarCode(compiler, code, type, fail).keywords(keywords);
      ArrayMethod array = new ArrayMethod(compiler, schema, scope, marking);
      if (array.isNeeded()) {
        container(Tape.ARR, array.generate());
      }
      ObjectMethod object = new ObjectMethod(compiler, schema, scope, marking);
      if (object.isNeeded()) {
        container(Tape.OBJ, object.generate());
      }
      keywords.forEach(this::inPlace);
      schema.keyword(Keyword.UnevaluatedItems.class).ifPresent(this::unevaluatedItems);
      schema.keyword(Keyword.UnevaluatedProperties.class).ifPresent(this::unevaluatedProperties);
      Emit.results(code, fail);
    }

    private void container(int tag, String method) {
      Label other = code.newLabel();
      code.iload(type).loadConstant(tag).if_icmpne(other);
      code.aload(DOCUMENT).aload(TAPE).iload(INDEX);
      if (marking) {
        code.aload(MARKS);
      }
      code.invokestatic(Compiler.SELF, method, shape(marking)).ifeq(fail).labelBinding(other);
    }

    private void type(Keyword.Type keyword) {
      Set<JsonType> types = keyword.types();
      int mask = 0;
      for (JsonType one : types) {
        mask |=
            switch (one) {
              case NULL -> 1 << Tape.NULL;
              case BOOLEAN -> 1 << Tape.FALSE | 1 << Tape.TRUE;
              case INTEGER -> 1 << Tape.INT;
              case NUMBER -> 1 << Tape.INT | 1 << Tape.NUM;
              case STRING -> 1 << Tape.STR;
              case ARRAY -> 1 << Tape.ARR;
              case OBJECT -> 1 << Tape.OBJ;
            };
      }
      boolean maybeWhole = types.contains(JsonType.INTEGER) && !types.contains(JsonType.NUMBER);
      if (Integer.bitCount(mask) == 1 && !maybeWhole) {
        code.iload(type).loadConstant(Integer.numberOfTrailingZeros(mask)).if_icmpne(fail);
        return;
      }
      Label ok = code.newLabel();
      code.loadConstant(mask).iload(type).ishr().iconst_1().iand().ifne(ok);
      if (maybeWhole) {
        code.iload(type).loadConstant(Tape.NUM).if_icmpne(fail);
        Emit.value(code)
            .invokestatic(
                Owners.DECIMALS, keyword.wholeFloats() ? "isWhole" : "isWrittenWhole", Owners.TEST)
            .ifeq(fail);
      } else {
        code.goto_(fail);
      }
      code.labelBinding(ok);
    }

    private void inPlace(Keyword keyword) {
      switch (keyword) {
        case Keyword.Ref ref -> must(ref.link().target());
        case Keyword.DynamicRef ref -> must(scope.resolve(ref));
        case Keyword.AllOf all -> all.schemas().forEach(this::must);
        case Keyword.AnyOf any -> any(any.schemas());
        case Keyword.OneOf one -> one(one.schemas());
        case Keyword.Not not -> {
          Label refused = code.newLabel();
          Emit.call(code, compiler.call(not.schema(), scope, false), INDEX, MARKS, refused);
          code.goto_(fail).labelBinding(refused);
        }
        case Keyword.DependentSchemas dependent -> dependent(dependent.schemas());
        case Keyword.Conditional conditional -> conditional(conditional);
        case Keyword.Never _,
            Keyword.Type _,
            Keyword.Enum _,
            Keyword.Const _,
            Keyword.Minimum _,
            Keyword.Maximum _,
            Keyword.MultipleOf _,
            Keyword.AtLeast _,
            Keyword.AtMost _,
            Keyword.Pattern _,
            Keyword.FormatOf _,
            Keyword.Items _,
            Keyword.UniqueItems _,
            Keyword.Contains _,
            Keyword.Required _,
            Keyword.Properties _,
            Keyword.PropertyNames _,
            Keyword.DependentRequired _,
            Keyword.UnevaluatedProperties _,
            Keyword.UnevaluatedItems _ -> {}
      }
    }

    private void must(Schema target) {
      Emit.call(code, compiler.call(target, scope, marking), INDEX, MARKS, fail);
    }

    /** Tests a branch, whose marks count only if it holds. */
    private void branch(Schema branch, Label refused) {
      Compiler.Call call = compiler.call(branch, scope, marking);
      if (!marking || !(call instanceof Compiler.Call.Method)) {
        Emit.call(code, call, INDEX, MARKS, refused);
        return;
      }
      int own = code.allocateLocal(TypeKind.REFERENCE);
      Emit.newMarks(code, own);
      Emit.call(code, call, INDEX, own, refused);
      Emit.addMarks(code, MARKS, own);
    }

    private void any(List<Schema> schemas) {
      Label held = code.newLabel();
      int found = code.allocateLocal(TypeKind.INT);
      code.iconst_0().istore(found);
      for (Schema one : schemas) {
        Label refused = code.newLabel();
        branch(one, refused);
        // With marks, every branch that holds adds to what is evaluated.
        code.iconst_1().istore(found);
        if (!marking) {
          code.goto_(held);
        }
        code.labelBinding(refused);
      }
      code.iload(found).ifeq(fail).labelBinding(held);
    }

    private void one(List<Schema> schemas) {
      int count = code.allocateLocal(TypeKind.INT);
      code.iconst_0().istore(count);
      for (Schema one : schemas) {
        Label refused = code.newLabel();
        branch(one, refused);
        code.iload(count).ifne(fail).iconst_1().istore(count).labelBinding(refused);
      }
      code.iload(count).ifeq(fail);
    }

    private void dependent(Map<String, Schema> schemas) {
      Label other = code.newLabel();
      code.iload(type).loadConstant(Tape.OBJ).if_icmpne(other);
      schemas.forEach((name, dependent) -> {
        Label absent = code.newLabel();
        Emit.value(code);
        compiler.constant(code, name.getBytes(StandardCharsets.UTF_8), byte[].class);
        code.invokestatic(
                Owners.VALUES, "has", Owners.shape(ConstantDescs.CD_boolean, Owners.BYTES))
            .ifeq(absent);
        must(dependent);
        code.labelBinding(absent);
      });
      code.labelBinding(other);
    }

    private void conditional(Keyword.Conditional conditional) {
      Label otherwise = code.newLabel();
      Label end = code.newLabel();
      branch(conditional.test(), otherwise);
      conditional.then().ifPresent(this::must);
      code.goto_(end).labelBinding(otherwise);
      conditional.otherwise().ifPresent(this::must);
      code.labelBinding(end);
    }

    private void unevaluatedItems(Keyword.UnevaluatedItems keyword) {
      unevaluated(Tape.ARR, keyword.schema());
    }

    private void unevaluatedProperties(Keyword.UnevaluatedProperties keyword) {
      unevaluated(Tape.OBJ, keyword.schema());
    }

    /** Tests each item or member that has no mark, and marks it. */
    private void unevaluated(int tag, Schema rest) {
      Compiler.Call call = compiler.call(rest, scope, false);
      Label other = code.newLabel();
      code.iload(type).loadConstant(tag).if_icmpne(other);
      Emit.forEach(
          code,
          (at, position) -> {
            int value = at;
            if (tag == Tape.OBJ) {
              value = code.allocateLocal(TypeKind.INT);
              code.iload(at).iconst_3().iadd().istore(value);
            }
            Label evaluated = code.newLabel();
            code.aload(MARKS)
                .iload(position)
                .invokevirtual(
                    Owners.MARKS,
                    "has",
                    MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_int))
                .ifne(evaluated);
            Emit.call(code, call, value, MARKS, fail);
            Emit.mark(code, position);
            code.labelBinding(evaluated);
            Emit.next(code, value, at);
          });
      code.labelBinding(other);
    }
  }
}
