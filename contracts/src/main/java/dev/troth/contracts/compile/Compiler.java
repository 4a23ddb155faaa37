package dev.troth.contracts.compile;

import dev.troth.contracts.schema.DynamicScope;
import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Schema;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Turns a schema into one hidden class with a static method per schema, dynamic scope and way of
 * calling. Methods stay small, because the JIT leaves those above 8,000 bytes to the interpreter:
 * long lists are split, large sets of names become tables.
 */
final class Compiler {
  static final ClassDesc SELF = ClassDesc.of(Compiler.class.getPackageName(), "Generated");

  private final Map<State, String> names = new HashMap<>();
  private final Deque<Runnable> todo = new ArrayDeque<>();
  private final List<Object> constants = new ArrayList<>();
  private final Map<Object, Integer> constantIndexes = new HashMap<>();
  private final ClassBuilder target;
  private int methods;

  /** What distinguishes generated methods. */
  private record State(Schema schema, DynamicScope scope, boolean marks) {}

  private Compiler(ClassBuilder target) {
    this.target = target;
  }

  static Optional<CompiledSchema.Program> compile(Schema schema) {
    List<Object> constants = new ArrayList<>();
    byte[] code;
    try {
      code = ClassFile.of().build(SELF, builder -> program(builder, schema, constants));
    } catch (IllegalArgumentException e) {
      // More constants or longer code than a class file can have.
      return Optional.empty();
    }
    try {
      MethodHandles.Lookup lookup =
          MethodHandles.lookup().defineHiddenClassWithClassData(code, constants, true);
      return Optional.of(
          (CompiledSchema.Program)
              lookup
                  .findConstructor(lookup.lookupClass(), MethodType.methodType(void.class))
                  .invoke());
    } catch (Throwable e) {
      throw new IllegalStateException("the class generated for " + schema + " is wrong", e);
    }
  }

  private static void program(ClassBuilder builder, Schema schema, List<Object> constants) {
    builder
        .withFlags(ClassFile.ACC_FINAL)
        .withInterfaceSymbols(Owners.desc(CompiledSchema.Program.class))
        .withMethodBody(
            ConstantDescs.INIT_NAME,
            ConstantDescs.MTD_void,
            ClassFile.ACC_PUBLIC,
            code ->
                code.aload(0)
                    .invokespecial(
                        ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                    .return_());
    Compiler compiler = new Compiler(builder);
    Call root = compiler.call(schema, DynamicScope.EMPTY, false);
    builder.withMethodBody(
        "valid",
        MethodTypeDesc.of(ConstantDescs.CD_boolean, Owners.BYTES, Owners.INTS),
        ClassFile.ACC_PUBLIC,
        code -> {
          switch (root) {
            case Call.Always _ -> code.iconst_1();
            case Call.Refuse _ -> code.iconst_0();
            case Call.Method method ->
                code.aload(1).aload(2).iconst_0().invokestatic(SELF, method.name(), Owners.TEST);
          }
          code.ireturn();
        });
    while (!compiler.todo.isEmpty()) {
      compiler.todo.remove().run();
    }
    constants.addAll(compiler.constants);
  }

  /** How generated code asks a schema. */
  sealed interface Call {
    /** Every value is valid; nothing is called. */
    record Always() implements Call {}

    /** No value is valid. */
    record Refuse() implements Call {}

    record Method(String name, boolean marks) implements Call {}
  }

  /** The call for a schema; its method is generated later. */
  Call call(Schema schema, DynamicScope outer, boolean marks) {
    DynamicScope scope = outer.enter(schema.resource());
    List<Keyword> keywords = schema.keywords();
    if (keywords.isEmpty()) {
      return new Call.Always();
    }
    if (keywords.getFirst() instanceof Keyword.Never) {
      return new Call.Refuse();
    }
    if (keywords.size() == 1 && keywords.getFirst() instanceof Keyword.Ref ref) {
      return call(ref.link().target(), scope, marks);
    }
    State state = new State(schema, scope, marks);
    String known = names.get(state);
    if (known == null) {
      String name = newName();
      names.put(state, name);
      todo.add(() -> new SchemaMethod(this, schema, scope, marks).generate(name));
      known = name;
    }
    return new Call.Method(known, marks);
  }

  String newName() {
    return "v" + methods++;
  }

  /** Adds a static method. */
  void method(String name, MethodTypeDesc shape, Consumer<CodeBuilder> body) {
    target.withMethodBody(name, shape, ClassFile.ACC_STATIC | ClassFile.ACC_PRIVATE, body);
  }

  /** Loads an object that exists now; the JIT sees it as a constant. */
  void constant(CodeBuilder code, Object value, Class<?> type) {
    Object key = value instanceof byte[] ? new Object() : value;
    int index =
        constantIndexes.computeIfAbsent(
            key,
            _ -> {
              constants.add(value);
              return constants.size() - 1;
            });
    code.ldc(
        DynamicConstantDesc.ofNamed(
            ConstantDescs.ofConstantBootstrap(
                ConstantDescs.CD_MethodHandles,
                "classDataAt",
                ConstantDescs.CD_Object,
                ConstantDescs.CD_int),
            ConstantDescs.DEFAULT_NAME,
            Owners.desc(type),
            index));
  }
}
