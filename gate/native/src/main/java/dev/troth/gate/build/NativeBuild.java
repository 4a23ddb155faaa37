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
 * Builds {@code target/native}: {@code gate.wasm}, {@code gate-wasi.wasm}, {@code troth-gate} and
 * {@code troth-gate-all} for two machines, their images and bill of materials, and the module as
 * JVM classes. Each step is done again only when what goes into it changed. The same input gives
 * the same bytes.
 */
public final class NativeBuild {
  private static final int MODULE_HEAP_BYTES = 384 * 1024;
  private static final int HOST_MIN_HEAP_BYTES = 2 * 1024 * 1024;
  private static final int HOST_MAX_HEAP_BYTES = 64 * 1024 * 1024;

  private static final List<String> MODULE_FLAGS =
      List.of(
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
  private static final Map<String, String> TARGETS =
      new TreeMap<>(Map.of("x86_64", "x86_64-linux-musl", "aarch64", "aarch64-linux-musl"));

  private static final String SMALL_HOST = "troth-gate";

  /** The programs and their main classes. */
  private static final Map<String, String> HOSTS =
      new TreeMap<>(
          Map.of(
              SMALL_HOST,
              "dev.troth.gate.host.NativeMain",
              "troth-gate-all",
              "dev.troth.gate.host.AllAlgorithmsMain"));

  private final Path project;
  private final String version;
  private final Path out;
  private final Path c;
  private final Path work;
  private final Toolchain tools;

  private NativeBuild(Path project, String version, Toolchain tools) throws IOException {
    this.project = project;
    this.version = version;
    this.tools = tools;
    out = Files.createDirectories(project.resolve("target/native"));
    work = Files.createDirectories(project.resolve("target/native-work"));
    c = project.resolve("src/main/c");
  }

  /**
   * Builds for a project folder and a version; with {@code check} behind them, only leaves a module
   * of other sources out. A missing toolchain is one line, not a failure.
   */
  public static void main(String[] args) throws IOException {
    Path project = Path.of(args[0]);
    if (args.length > 2 && args[2].equals("check")) {
      check(project);
      return;
    }
    Toolchain tools;
    try {
      tools = Toolchain.install(project, project.resolve("node_modules/.zig-cache"));
    } catch (BuildException missing) {
      System.out.println("gate/native: no native binaries here: " + missing.getMessage());
      return;
    }
    try {
      new NativeBuild(project, args[1], tools).build();
    } catch (BuildException failed) {
      System.err.println("gate/native: " + failed.getMessage());
      System.exit(1);
    }
  }

  private void build() throws IOException {
    Path module = out.resolve("gate.wasm");
    String moduleKey = moduleKey(project);
    if (isStale("module", moduleKey, module)) {
      module("dev.troth.gate.module.ModuleMain", "module", JavaToC.Wish.FAST, module);
      done("module", moduleKey);
    }
    Path command = out.resolve("gate-wasi.wasm");
    String commandKey =
        new Digest()
            .tree(classes("dev/troth/gate/core"))
            .tree(classes("dev/troth/gate/jwk"))
            .tree(classes("dev/troth/gate/wasi"))
            .tree(c)
            .file(lock())
            .tree(buildClasses())
            .hex();
    if (isStale("wasi", commandKey, command)) {
      module("dev.troth.gate.wasi.WasiMain", "wasi", JavaToC.Wish.SMALL, command);
      done("wasi", commandKey);
    }
    String nativeKey =
        new Digest()
            .file(module)
            .tree(classes("dev/troth/gate/core"))
            .tree(classes("dev/troth/gate/arithmetic"))
            .tree(classes("dev/troth/gate/http"))
            .tree(classes("dev/troth/gate/jwk"))
            .tree(classes("dev/troth/gate/config"))
            .tree(classes("dev/troth/gate/host"))
            .tree(c)
            .tree(buildClasses())
            .hex();
    List<Path> programs = new ArrayList<>();
    for (String name : HOSTS.keySet()) {
      TARGETS.keySet().forEach(machine -> programs.add(program(name, machine)));
    }
    if (isStale("native", nativeKey, programs.toArray(new Path[0]))) {
      programs(module);
      done("native", nativeKey);
    }
    ModuleClasses.generate(module, project.resolve("target/classes"), work.resolve("endive"));
    BillOfMaterials.write(out.resolve("troth-gate.cdx.json"), version, out, lock());
    for (Path program : programs) {
      OciImage.write(
          Path.of(program + ".oci.tar"),
          Files.readAllBytes(program),
          program.toString().endsWith("x86_64") ? "amd64" : "arm64",
          version);
    }
  }

  private static void check(Path project) throws IOException {
    Path classes = project.resolve("target/classes");
    if (!ModuleClasses.areThere(classes)) {
      return;
    }
    Path stamp = project.resolve("target/native-work/module.key");
    if (!Files.exists(stamp) || !Files.readString(stamp).equals(moduleKey(project))) {
      ModuleClasses.remove(classes);
      System.out.println(
          "gate/native: the sandbox's module is of other sources and left out: -Pnative builds it");
    }
  }

  /** What the module is made of. */
  private static String moduleKey(Path project) throws IOException {
    return new Digest()
        .tree(project.resolve("../target/classes/dev/troth/gate/core"))
        .file(project.resolve("target/classes/dev/troth/gate/module/ModuleMain.class"))
        .file(project.resolve("target/classes/dev/troth/gate/module/HostArithmetic.class"))
        .tree(project.resolve("src/main/c"))
        .file(project.resolve("package-lock.json"))
        .tree(project.resolve("target/classes/dev/troth/gate/build"))
        .hex();
  }

  /** A WebAssembly module of a main class and the C file that gives it imports and exports. */
  private void module(String mainClass, String name, JavaToC.Wish wish, Path module)
      throws IOException {
    Path source =
        JavaToC.compile(mainClass, work.resolve(name), wish, MODULE_HEAP_BYTES, MODULE_HEAP_BYTES);
    Path objects = Files.createDirectories(work.resolve(name + "-wasm"));
    List<String> include = List.of("-I" + c.resolve("wasi"), "-I" + c);
    compile("wasm32-wasi", source, objects.resolve("java.o"), MODULE_FLAGS, include);
    compile(
        "wasm32-wasi", c.resolve(name + ".c"), objects.resolve("module.o"), MODULE_FLAGS, include);
    compile(
        "wasm32-wasi",
        c.resolve("libc.c"),
        objects.resolve("libc.o"),
        MODULE_FLAGS,
        List.of("-I" + c.resolve("wasi"), "-fno-builtin", "-O2"));
    tools.linkModule(
        List.of(objects.resolve("java.o"), objects.resolve("module.o"), objects.resolve("libc.o")),
        module);
  }

  private void programs(Path module) throws IOException {
    Path sandbox = work.resolve("gate-module.c");
    tools.wasm2c(module, sandbox);
    Map<String, Path> hosts = new TreeMap<>();
    for (Map.Entry<String, String> host : HOSTS.entrySet()) {
      hosts.put(
          host.getKey(),
          JavaToC.compile(
              host.getValue(),
              work.resolve(host.getKey()),
              JavaToC.Wish.SMALL,
              HOST_MIN_HEAP_BYTES,
              HOST_MAX_HEAP_BYTES));
    }
    for (Map.Entry<String, String> target : TARGETS.entrySet()) {
      Path objects = Files.createDirectories(work.resolve(target.getKey()));
      String triple = target.getValue();
      List<String> fast = List.of("-I" + c, "-I" + work, "-O2");
      // The module at -O2 is 11 KB larger and no faster: it was optimized before it became a
      // module.
      List<String> even = List.of("-I" + c, "-I" + work, "-Os");
      List<String> small = new ArrayList<>(List.of("-I" + c, "-Oz"));
      if (target.getKey().equals("x86_64")) {
        small.addAll(OUTLINED);
      }
      compile(triple, sandbox, objects.resolve("module.o"), NATIVE_FLAGS, even);
      compile(triple, c.resolve("sandbox.c"), objects.resolve("sandbox.o"), NATIVE_FLAGS, even);
      compile(triple, c.resolve("host.c"), objects.resolve("host.o"), NATIVE_FLAGS, small);
      compile(triple, c.resolve("limbs.c"), objects.resolve("limbs.o"), NATIVE_FLAGS, fast);
      compile(triple, c.resolve("log.c"), objects.resolve("log.o"), NATIVE_FLAGS, small);
      for (Map.Entry<String, Path> host : hosts.entrySet()) {
        // Arithmetic over limbs wants the optimizer that the small host does without.
        boolean isSmall = host.getKey().equals(SMALL_HOST);
        Path java = objects.resolve(host.getKey() + ".o");
        compile(triple, host.getValue(), java, NATIVE_FLAGS, isSmall ? small : fast);
        link(triple, objects, java, program(host.getKey(), target.getKey()));
      }
    }
  }

  private void link(String triple, Path objects, Path java, Path program) throws IOException {
    List<Path> all = new ArrayList<>(List.of(java));
    for (String name : List.of("module.o", "sandbox.o", "host.o", "limbs.o", "log.o")) {
      all.add(objects.resolve(name));
    }
    tools.link(triple, all, program);
    Files.write(program, Elf.withoutSections(Files.readAllBytes(program)));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void compile(
      String target, Path source, Path object, List<String> flags, List<String> more) {
    List<String> all = new ArrayList<>(flags);
    all.addAll(more);
    tools.compile(target, source, object, all);
  }

  private Path program(String host, String machine) {
    return out.resolve(host + "-" + machine);
  }

  private Path lock() {
    return project.resolve("package-lock.json");
  }

  /** The compiled forms of this class and those beside it: other flags make other bytes. */
  private Path buildClasses() {
    return project.resolve("target/classes/dev/troth/gate/build");
  }

  private Path classes(String name) {
    Path own = project.resolve("target/classes").resolve(name);
    Path core = project.resolve("../target/classes").resolve(name);
    return Files.isDirectory(own) ? own : core;
  }

  private boolean isStale(String step, String key, Path... outputs) throws IOException {
    for (Path output : outputs) {
      if (!Files.exists(output)) {
        return true;
      }
    }
    Path stamp = work.resolve(step + ".key");
    return !Files.exists(stamp) || !Files.readString(stamp).equals(key);
  }

  private void done(String step, String key) throws IOException {
    Files.writeString(work.resolve(step + ".key"), key);
  }
}
