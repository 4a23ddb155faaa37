package dev.troth.gate.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes the modules and programs out of compiled classes and C. Each step is done again only when
 * what goes into it changed, and steps that do not wait for each other run side by side. The same
 * input gives the same bytes, whatever was there before.
 */
final class Outputs {
  private static final int MODULE_HEAP_BYTES = 384 * 1024;
  private static final int HOST_MIN_HEAP_BYTES = 2 * 1024 * 1024;
  private static final int HOST_MAX_HEAP_BYTES = 64 * 1024 * 1024;

  /** No program keeps what debuggers read, and writing it takes a third of the compiler's time. */
  private static final String NO_DEBUGGING = "-g0";

  private static final List<String> MODULE_FLAGS =
      List.of(
          NO_DEBUGGING,
          "-Oz",
          "-fwrapv",
          "-fno-strict-aliasing",
          "-fno-stack-protector",
          "-fno-builtin-malloc",
          "-ffunction-sections",
          "-fdata-sections",
          "-Dmain=teavm_main",
          "-D__EMSCRIPTEN__",
          "-DTEAVM_CUSTOM_LOG=1");
  private static final List<String> NATIVE_FLAGS =
      List.of(
          NO_DEBUGGING,
          "-fwrapv",
          "-fno-strict-aliasing",
          "-fno-stack-protector",
          "-fno-unwind-tables",
          "-fno-asynchronous-unwind-tables",
          "-fomit-frame-pointer",
          "-ffunction-sections",
          "-fdata-sections",
          "-DNDEBUG",
          "-DTEAVM_CUSTOM_LOG=1");

  /**
   * Sequences of instructions that occur again and again become functions. On x86-64 that wants
   * functions that keep nothing below the stack.
   */
  private static final List<String> OUTLINED =
      List.of("-mllvm", "-enable-machine-outliner=always", "-mno-red-zone");

  /** Machine names of {@code uname -m}, and zig's names of the targets. */
  static final Map<String, String> TARGETS =
      new TreeMap<>(Map.of("x86_64", "x86_64-linux-musl", "aarch64", "aarch64-linux-musl"));

  static final String SMALL_HOST = "troth-gate";

  /** The programs and their main classes. */
  static final Map<String, String> HOSTS =
      new TreeMap<>(
          Map.of(
              SMALL_HOST,
              "dev.troth.gate.host.NativeMain",
              "troth-gate-all",
              "dev.troth.gate.host.AllAlgorithmsMain"));

  private static final String MODULE = "dev.troth.gate.module.ModuleMain";
  private static final String COMMAND = "dev.troth.gate.wasi.WasiMain";

  /** The packages that programs are made of. */
  private static final List<String> HOST_PARTS =
      List.of("core", "arithmetic", "http", "jwk", "config", "host");

  private final Path project;
  private final Classes classes;
  private final Path c;
  private final Path out;
  private final Path work;
  private final Toolchain tools;
  private final Steps steps;

  Outputs(Path project, Classes classes, Path out, Toolchain tools, Steps steps)
      throws IOException {
    this.project = project;
    this.classes = classes;
    this.out = Files.createDirectories(out);
    this.tools = tools;
    this.steps = steps;
    work = steps.folder();
    c = project.resolve("src/main/c");
  }

  /** The module, {@code gate.wasm}. */
  Path module() throws IOException {
    Path module = out.resolve("gate.wasm");
    steps.run(
        "module",
        moduleKey(project, classes),
        List.of(module),
        () ->
            module(
                java("module", MODULE, JavaToC.Wish.FAST, javaKey("core", "module")),
                "module",
                module));
    return module;
  }

  /** The module as a command of WASI, {@code gate-wasi.wasm}. */
  Path command() throws IOException {
    Path command = out.resolve("gate-wasi.wasm");
    String key =
        new Digest()
            .tree(classes.of("core"))
            .tree(classes.of("jwk"))
            .tree(classes.of("wasi"))
            .tree(c)
            .file(lock(project))
            .text(classes.builder())
            .hex();
    steps.run(
        "wasi",
        key,
        List.of(command),
        () ->
            module(
                java("wasi", COMMAND, JavaToC.Wish.SMALL, javaKey("core", "jwk", "wasi")),
                "wasi",
                command));
    return command;
  }

  /** A program for a machine. */
  Path program(String name, String machine) throws IOException {
    Path program = out.resolve(name + "-" + machine);
    Path sandbox = work.resolve("gate-module.c");
    // The host's Java does not wait for the module.
    Steps.sideBySide(
        List.of(
            () -> {
              Path module = module();
              steps.run(
                  "sandbox",
                  wasmKey(module),
                  List.of(sandbox),
                  () -> tools.wasm2c(module, sandbox));
            },
            () -> host(name)));
    String key =
        new Digest()
            .file(out.resolve("gate.wasm"))
            .text(hostKey(name))
            .tree(c)
            .file(lock(project))
            .text(classes.builder())
            .hex();
    steps.run(
        name + "-" + machine,
        key,
        List.of(program),
        () -> program(name, machine, sandbox, program));
    return program;
  }

  /** What the module is made of. */
  static String moduleKey(Path project, Classes classes) throws IOException {
    return new Digest()
        .tree(classes.of("core"))
        .file(classes.of("module").resolve("ModuleMain.class"))
        .file(classes.of("module").resolve("HostArithmetic.class"))
        .tree(project.resolve("src/main/c"))
        .file(lock(project))
        .text(classes.builder())
        .hex();
  }

  static Path lock(Path project) {
    return project.resolve("package-lock.json");
  }

  private String wasmKey(Path module) throws IOException {
    return new Digest().file(module).file(lock(project)).text(classes.builder()).hex();
  }

  private String hostKey(String name) throws IOException {
    return name + javaKey(HOST_PARTS.toArray(String[]::new));
  }

  /** What the C of these packages is made of. */
  private String javaKey(String... packages) throws IOException {
    Digest digest = new Digest().text(classes.builder());
    for (String part : packages) {
      digest.tree(classes.of(part));
    }
    return digest.hex();
  }

  /** The C of a host's Java. */
  private Path host(String name) throws IOException {
    return java(name, HOSTS.getOrDefault(name, ""), JavaToC.Wish.SMALL, hostKey(name));
  }

  /** The C of what a main class reaches. */
  private Path java(String name, String mainClass, JavaToC.Wish wish, String key)
      throws IOException {
    Path folder = work.resolve(name);
    boolean isHost = HOSTS.containsKey(name);
    steps.run(
        name + "-java",
        key,
        List.of(folder.resolve(JavaToC.RESULT)),
        () ->
            JavaToC.compile(
                mainClass,
                classes.loader(),
                folder,
                wish,
                isHost ? HOST_MIN_HEAP_BYTES : MODULE_HEAP_BYTES,
                isHost ? HOST_MAX_HEAP_BYTES : MODULE_HEAP_BYTES));
    return folder.resolve(JavaToC.RESULT);
  }

  /** A WebAssembly module of C and the C file that gives it imports and exports. */
  private void module(Path java, String name, Path module) throws IOException {
    Path objects = Files.createDirectories(work.resolve(name + "-wasm"));
    List<String> own = List.of("-I" + c.resolve("wasi"), "-I" + c);
    List<String> library = List.of("-I" + c.resolve("wasi"), "-fno-builtin", "-O2");
    List<Unit> units =
        List.of(
            new Unit(java, "java.o", own, List.of(java.getParent())),
            new Unit(c.resolve(name + ".c"), "module.o", own, List.of()),
            new Unit(c.resolve("libc.c"), "libc.o", library, List.of()));
    tools.linkModule(compile("wasm32-wasi", units, objects, MODULE_FLAGS), module);
  }

  private void program(String name, String machine, Path sandbox, Path program) throws IOException {
    Path objects = Files.createDirectories(work.resolve(machine));
    String triple = TARGETS.getOrDefault(machine, "");
    List<String> fast = List.of("-I" + c, "-O2");
    // The module at -O2 is 11 KB larger and no faster: it was optimized before it became a
    // module.
    List<String> even = List.of("-I" + c, "-I" + work, "-Os");
    List<String> small = new ArrayList<>(List.of("-I" + c, "-Oz"));
    if (machine.equals("x86_64")) {
      small.addAll(OUTLINED);
    }
    // The host with all algorithms wants the optimizer that the small host does without.
    List<String> ofJava = name.equals(SMALL_HOST) ? small : fast;
    Path java = host(name);
    List<Path> declared = List.of(work.resolve("gate-module.h"));
    List<Unit> units =
        List.of(
            new Unit(java, name + ".o", ofJava, List.of(java.getParent())),
            new Unit(sandbox, "module.o", even, declared),
            new Unit(c.resolve("sandbox.c"), "sandbox.o", even, declared),
            new Unit(c.resolve("host.c"), "host.o", small, List.of()),
            new Unit(c.resolve("limbs.c"), "limbs.o", fast, List.of()),
            new Unit(c.resolve("log.c"), "log.o", small, List.of()));
    tools.link(triple, compile(triple, units, objects, NATIVE_FLAGS), program);
    Files.write(program, Elf.withoutSections(Files.readAllBytes(program)));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /**
   * A C file to compile.
   *
   * @param includes the files and folders that it includes, beside those of the C folder
   */
  private record Unit(Path source, String object, List<String> flags, List<Path> includes) {}

  /** Compiles what is not compiled yet, side by side; the objects. */
  private List<Path> compile(String target, List<Unit> units, Path objects, List<String> flags)
      throws IOException {
    List<Path> made = new ArrayList<>();
    List<Steps.Work> work = new ArrayList<>();
    for (Unit unit : units) {
      Path object = objects.resolve(unit.object());
      made.add(object);
      work.add(() -> compile(target, unit, object, flags));
    }
    Steps.sideBySide(work);
    return made;
  }

  private void compile(String target, Unit unit, Path object, List<String> flags)
      throws IOException {
    List<String> all = new ArrayList<>(flags);
    all.addAll(unit.flags());
    Digest key =
        new Digest()
            .text(target)
            .text(String.join(" ", all))
            .file(unit.source())
            .tree(c)
            .file(lock(project));
    for (Path include : unit.includes()) {
      key.tree(include);
    }
    steps.run(
        objects(object),
        key.hex(),
        List.of(object),
        () -> tools.compile(target, unit.source(), object, all));
  }

  /** The name of an object's step. */
  private String objects(Path object) {
    return work.relativize(object).toString().replace('/', '-');
  }
}
