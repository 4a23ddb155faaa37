package dev.troth.contracts.compile;

import dev.troth.contracts.schema.DynamicScope;
import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Keyword.Countable;
import dev.troth.contracts.schema.Schema;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Optional;

/** Generates the method that tests an array's items. */
final class ArrayMethod {
  private final Compiler compiler;
  private final Schema schema;
  private final DynamicScope scope;
  private final boolean marks;

  ArrayMethod(Compiler compiler, Schema schema, DynamicScope scope, boolean marks) {
    this.compiler = compiler;
    this.schema = schema;
    this.scope = scope;
    this.marks = marks;
  }

  boolean isNeeded() {
    return schema.keywords().stream()
        .anyMatch(keyword ->
            switch (keyword) {
              case Keyword.Items _, Keyword.UniqueItems _, Keyword.Contains _ -> true;
              case Keyword.AtLeast least -> least.what() == Countable.ITEMS;
              case Keyword.AtMost most -> most.what() == Countable.ITEMS;
              default -> false;
            });
  }

  String generate() {
    String name = compiler.newName();
    compiler.method(name, marks ? Owners.MARKING_TEST : Owners.TEST, this::body);
    return name;
  }

  private void body(CodeBuilder code) {
    Label fail = code.newLabel();
    for (Keyword keyword : schema.keywords()) {
      switch (keyword) {
        case Keyword.AtLeast(Countable what, int limit) when what == Countable.ITEMS ->
            Emit.count(code).loadConstant(limit).if_icmplt(fail);
        case Keyword.AtMost(Countable what, int limit) when what == Countable.ITEMS ->
            Emit.count(code).loadConstant(limit).if_icmpgt(fail);
        case Keyword.Items items -> items(code, items, fail);
        case Keyword.UniqueItems _ ->
            Emit.value(code).invokestatic(Owners.VALUES, "unique", Owners.TEST).ifeq(fail);
        case Keyword.Contains contains -> contains(code, contains, fail);
        default -> {}
      }
    }
    Emit.results(code, fail);
  }

  private void items(CodeBuilder code, Keyword.Items items, Label fail) {
    int at = code.allocateLocal(TypeKind.INT);
    Label end = code.newLabel();
    code.iload(SchemaMethod.INDEX).iconst_3().iadd().istore(at);
    for (int k = 0; k < items.prefix().size(); k++) {
      Emit.count(code).loadConstant(k).if_icmple(end);
      Emit.call(
          code, compiler.call(items.prefix().get(k), scope, false), at, SchemaMethod.MARKS, fail);
      Emit.next(code, at, at);
    }
    Optional<Compiler.Call> rest = items.rest().map(schema -> compiler.call(schema, scope, false));
    if (rest.isPresent() && !(rest.get() instanceof Compiler.Call.Always)) {
      Emit.forEach(
          code,
          at,
          items.prefix().size(),
          (item, _) -> {
            Emit.call(code, rest.get(), item, SchemaMethod.MARKS, fail);
            Emit.next(code, item, item);
          });
    }
    code.labelBinding(end);
    if (marks) {
      code.aload(SchemaMethod.MARKS);
      code.loadConstant(items.rest().isPresent() ? Integer.MAX_VALUE : items.prefix().size());
      code.invokevirtual(
          Owners.MARKS, "setFirst", MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int));
    }
  }

  private void contains(CodeBuilder code, Keyword.Contains contains, Label fail) {
    int found = code.allocateLocal(TypeKind.INT);
    code.iconst_0().istore(found);
    Compiler.Call call = compiler.call(contains.schema(), scope, false);
    Emit.forEach(
        code,
        (at, position) -> {
          Label refused = code.newLabel();
          Emit.call(code, call, at, SchemaMethod.MARKS, refused);
          code.iinc(found, 1);
          if (marks && contains.evaluates()) {
            Emit.mark(code, position);
          }
          code.labelBinding(refused);
          Emit.next(code, at, at);
        });
    code.iload(found).loadConstant(contains.min()).if_icmplt(fail);
    code.iload(found).loadConstant(contains.max()).if_icmpgt(fail);
  }
}
