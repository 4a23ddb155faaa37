package dev.troth.gate.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds {@code target/native}: {@code gate.wasm}, {@code gate-wasi.wasm}, {@code troth-gate} and
 * {@code troth-gate-all} for two machines, their images and bill of materials, and the module as
 * JVM classes. Each step is done again only when what goes into it changed. The same input gives
 * the same bytes.
 */
public final class NativeBuild {
  private NativeBuild() {}

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
      build(project, args[1], tools);
    } catch (BuildException failed) {
      System.err.println("gate/native: " + failed.getMessage());
      System.exit(1);
    }
  }

  private static void build(Path project, String version, Toolchain tools) throws IOException {
    Path out = project.resolve("target/native");
    Path work = project.resolve("target/native-work");
    Outputs outputs = new Outputs(project, Classes.ofMaven(project), out, tools, new Steps(work));
    Files.writeString(work.resolve("classpath"), System.getProperty("java.class.path"));
    Path module = outputs.module();
    outputs.command();
    List<Path> programs = new ArrayList<>();
    for (String name : Outputs.HOSTS.keySet()) {
      for (String machine : Outputs.TARGETS.keySet()) {
        programs.add(outputs.program(name, machine));
      }
    }
    ModuleClasses.generate(module, project.resolve("target/classes"), work.resolve("endive"));
    BillOfMaterials.write(out.resolve("troth-gate.cdx.json"), version, out, Outputs.lock(project));
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
    String key = Outputs.moduleKey(project, Classes.ofMaven(project));
    if (!Files.exists(stamp) || !Files.readString(stamp).equals(key)) {
      ModuleClasses.remove(classes);
      System.out.println(
          "gate/native: the sandbox's module is of other sources and left out: -Pnative builds it");
    }
  }
}
