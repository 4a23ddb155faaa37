package dev.troth.contracts.compile;

import dev.troth.contracts.schema.DynamicScope;
import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Keyword.Countable;
import dev.troth.contracts.schema.Schema;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Generates the method that tests an object's members in one pass. Names that something requires
 * come first, each with a bit that is set when the name is seen.
 */
final class ObjectMethod {
  /** So many members are tested in one method; further ones get methods of their own. */
  private static final int CASES = 150;

  private final Compiler compiler;
  private final Schema schema;
  private final DynamicScope scope;
  private final boolean marks;
  private final List<String> required;
  private final Keyword.Properties properties;
  private final List<String> names;

  /** How many of the names have a bit. */
  private final int watched;

  ObjectMethod(Compiler compiler, Schema schema, DynamicScope scope, boolean marks) {
    this.compiler = compiler;
    this.schema = schema;
    this.scope = scope;
    this.marks = marks;
    required =
        schema.keyword(Keyword.Required.class).map(Keyword.Required::names).orElse(List.of());
    properties =
        schema
            .keyword(Keyword.Properties.class)
            .orElse(new Keyword.Properties(Map.of(), List.of(), Optional.empty()));
    Set<String> all = new LinkedHashSet<>(required);
    for (Keyword keyword : schema.keywords()) {
      if (keyword instanceof Keyword.DependentRequired dependent) {
        all.addAll(dependent.names().keySet());
        dependent.names().values().forEach(all::addAll);
      }
    }
    watched = all.size();
    all.addAll(properties.named().keySet());
    names = List.copyOf(all);
  }

  boolean isNeeded() {
    return schema.keywords().stream()
        .anyMatch(keyword ->
            switch (keyword) {
              case Keyword.Properties _,
                  Keyword.Required _,
                  Keyword.PropertyNames _,
                  Keyword.DependentRequired _ ->
                  true;
              case Keyword.AtLeast least -> least.what() == Countable.PROPERTIES;
              case Keyword.AtMost most -> most.what() == Countable.PROPERTIES;
              default -> false;
            });
  }

  String generate() {
    String name = compiler.newName();
    compiler.method(
        name, marks ? Owners.MARKING_TEST : Owners.TEST, code -> new Body(code).write());
    return name;
  }

  private final class Body {
    private final CodeBuilder code;
    private final Label fail;

    /** The local of the first 64 bits; others follow in steps of two. */
    private final int seen;

    Body(CodeBuilder code) {
      this.code = code;
      this.fail = code.newLabel();
      int first = -1;
      for (int i = 0; i < watched; i += 64) {
        int local = code.allocateLocal(TypeKind.LONG);
        first = first < 0 ? local : first;
        code.lconst_0().lstore(local);
      }
      this.seen = first;
    }

    void write() {
      int fewest = required.size();
      for (Keyword keyword : schema.keywords()) {
        switch (keyword) {
          case Keyword.AtLeast(Countable what, int limit) when what == Countable.PROPERTIES ->
              fewest = Math.max(fewest, limit);
          case Keyword.AtMost(Countable what, int limit) when what == Countable.PROPERTIES ->
              Emit.count(code).loadConstant(limit).if_icmpgt(fail);
          default -> {}
        }
      }
      if (fewest > 0) {
        Emit.count(code).loadConstant(fewest).if_icmplt(fail);
      }
      members();
      for (int k = 0; k < required.size(); k++) {
        if (k % 64 == 0) {
          int here = Math.min(64, required.size() - k);
          long mask = here == 64 ? -1L : (1L << here) - 1;
          code.lload(seen + k / 32).loadConstant(mask).land();
          code.loadConstant(mask).lcmp().ifne(fail);
        }
      }
      for (Keyword keyword : schema.keywords()) {
        if (keyword instanceof Keyword.DependentRequired dependent) {
          dependent.names().forEach(this::dependent);
        }
      }
      Emit.results(code, fail);
    }

    private void dependent(String name, List<String> others) {
      Label absent = code.newLabel();
      pushBit(name).ifeq(absent);
      for (String other : others) {
        pushBit(other).ifeq(fail);
      }
      code.labelBinding(absent);
    }

    private CodeBuilder pushBit(String name) {
      int k = names.indexOf(name);
      return code.lload(seen + k / 64 * 2).loadConstant(k % 64).lushr().l2i().iconst_1().iand();
    }

    private void members() {
      Optional<Compiler.Call> nameTest =
          schema
              .keyword(Keyword.PropertyNames.class)
              .map(keyword -> compiler.call(keyword.schema(), scope, false));
      boolean additional =
          properties.additional().map(s -> !(s.keywords().isEmpty())).orElse(false) || marks;
      if (names.isEmpty() && properties.patterns().isEmpty() && !additional && nameTest.isEmpty()) {
        return;
      }
      int value = code.allocateLocal(TypeKind.INT);
      Emit.forEach(
          code,
          (at, position) -> {
            code.iload(at).iconst_3().iadd().istore(value);
            nameTest.ifPresent(test -> Emit.call(code, test, at, SchemaMethod.MARKS, fail));
            member(at, value, position);
            Emit.next(code, value, at);
          });
    }

    private void member(int at, int value, int position) {
      Label unnamed = code.newLabel();
      Label named = code.newLabel();
      Label end = code.newLabel();
      if (!names.isEmpty()) {
        String find = new KeyMethod(compiler, names).generate();
        Emit.value(code, at).invokestatic(Compiler.SELF, find, KeyMethod.SHAPE);
        if (names.size() <= CASES) {
          cases(value, named, unnamed);
        } else {
          manyCases(value, named, unnamed);
        }
      }
      code.labelBinding(unnamed);
      patterns(at, value, () -> additional(value, end), position);
      code.goto_(end);
      if (!names.isEmpty()) {
        code.labelBinding(named);
        patterns(at, value, () -> {}, position);
      }
      code.labelBinding(end);
    }

    /** Tests the value against every pattern that its name matches. */
    private void patterns(int at, int value, Runnable ifNone, int position) {
      Label marked = code.newLabel();
      int matched = code.allocateLocal(TypeKind.INT);
      code.iconst_0().istore(matched);
      for (Keyword.PatternProperty pattern : properties.patterns()) {
        Label other = code.newLabel();
        Emit.value(code, at);
        ScalarCode.matches(compiler, code, pattern.regex());
        code.ifeq(other).iconst_1().istore(matched);
        Emit.call(
            code, compiler.call(pattern.schema(), scope, false), value, SchemaMethod.MARKS, fail);
        code.labelBinding(other);
      }
      code.iload(matched).ifne(marked);
      ifNone.run();
      code.labelBinding(marked);
      if (marks) {
        Emit.mark(code, position);
      }
    }

    private void additional(int value, Label end) {
      if (properties.additional().isEmpty()) {
        code.goto_(end);
        // What follows is reached from a pattern that matched.
        return;
      }
      Emit.call(
          code,
          compiler.call(properties.additional().get(), scope, false),
          value,
          SchemaMethod.MARKS,
          fail);
    }

    private void cases(int value, Label named, Label unnamed) {
      List<SwitchCase> cases = new ArrayList<>();
      for (int k = 0; k < names.size(); k++) {
        cases.add(SwitchCase.of(k, code.newLabel()));
      }
      code.tableswitch(0, names.size() - 1, unnamed, cases);
      for (SwitchCase one : cases) {
        int k = one.caseValue();
        code.labelBinding(one.target());
        if (k < watched) {
          int local = seen + k / 64 * 2;
          code.lload(local).loadConstant(1L << k).lor().lstore(local);
        }
        Schema property = properties.named().get(names.get(k));
        if (property == null) {
          code.goto_(unnamed);
        } else {
          Emit.call(code, compiler.call(property, scope, false), value, SchemaMethod.MARKS, fail);
          code.goto_(named);
        }
      }
    }

    /** The same for names that would not fit: bits by arithmetic, values by chained methods. */
    private void manyCases(int value, Label named, Label unnamed) {
      int k = code.allocateLocal(TypeKind.INT);
      int answer = code.allocateLocal(TypeKind.INT);
      code.istore(k).iload(k).iflt(unnamed);
      for (int i = 0; i < watched; i += 64) {
        Label other = code.newLabel();
        int local = seen + i / 64 * 2;
        code.iload(k).loadConstant(i).if_icmplt(other);
        code.iload(k).loadConstant(Math.min(watched, i + 64)).if_icmpge(other);
        code.lload(local).lconst_1().iload(k).lshl().lor().lstore(local).labelBinding(other);
      }
      for (int first = 0; first < names.size(); first += CASES) {
        int end = Math.min(names.size(), first + CASES);
        String part = part(first, end);
        Label other = code.newLabel();
        code.iload(k).loadConstant(end).if_icmpge(other);
        Emit.value(code, value).iload(k).invokestatic(Compiler.SELF, part, PART);
        // 0: refused, 1: accepted, 2: only required, without a schema.
        code.istore(answer).iload(answer).ifeq(fail);
        code.iload(answer).iconst_1().if_icmpeq(named).goto_(unnamed);
        code.labelBinding(other);
      }
      code.goto_(unnamed);
    }

    private String part(int first, int end) {
      String name = compiler.newName();
      compiler.method(
          name,
          PART,
          body -> {
            Label refused = body.newLabel();
            Label bare = body.newLabel();
            List<SwitchCase> cases = new ArrayList<>();
            for (int k = first; k < end; k++) {
              cases.add(SwitchCase.of(k, body.newLabel()));
            }
            body.iload(3).tableswitch(first, end - 1, bare, cases);
            for (SwitchCase one : cases) {
              body.labelBinding(one.target());
              Schema property = properties.named().get(names.get(one.caseValue()));
              if (property == null) {
                body.goto_(bare);
              } else {
                Emit.call(
                    body,
                    compiler.call(property, scope, false),
                    SchemaMethod.INDEX,
                    SchemaMethod.MARKS,
                    refused);
                body.iconst_1().ireturn();
              }
            }
            body.labelBinding(bare).iconst_2().ireturn();
            body.labelBinding(refused).iconst_0().ireturn();
          });
      return name;
    }
  }

  /** (document, tape, index, position of the name) → 0, 1 or 2. */
  private static final MethodTypeDesc PART =
      Owners.shape(ConstantDescs.CD_int, ConstantDescs.CD_int);
}
