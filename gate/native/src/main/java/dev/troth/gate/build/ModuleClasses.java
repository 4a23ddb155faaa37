package dev.troth.gate.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import run.endive.build.time.compiler.Config;
import run.endive.build.time.compiler.Generator;
import run.endive.compiler.InterpreterFallback;
import run.endive.runtime.CompiledModule;

/** Compiles the module to JVM classes, so that a JVM host starts without a compiler of its own. */
final class ModuleClasses {
  private static final String NAME = "dev.troth.gate.module.GateMachine";

  private ModuleClasses() {}

  /** Whether a build has written them. */
  static boolean areThere(Path classes) {
    return Files.exists(services(classes));
  }

  /** Takes away the entry by which the sandbox engine finds them. */
  static void remove(Path classes) throws IOException {
    Files.deleteIfExists(services(classes));
  }

  private static Path services(Path classes) {
    return classes.resolve("META-INF/services").resolve(CompiledModule.class.getName());
  }

  /** Writes the classes, and the entry by which the sandbox engine finds them. */
  static void generate(Path module, Path classes, Path sources) throws IOException {
    Generator generator =
        new Generator(
            Config.builder()
                .withWasmFile(module)
                .withName(NAME)
                .withTargetClassFolder(classes)
                .withTargetSourceFolder(sources)
                .withTargetWasmFolder(classes)
                .withInterpreterFallback(InterpreterFallback.FAIL)
                .build());
    Set<Integer> interpreted = generator.generateResources();
    generator.generateSources();
    generator.generateMetaWasm(interpreted);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    int status =
        compiler.run(
            null,
            null,
            null,
            "-proc:none",
            "-nowarn",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            classes.toString(),
            sources.resolve(NAME.replace('.', '/') + ".java").toString());
    if (status != 0) {
      throw new BuildException("the module's Java entry does not compile");
    }
    Path entry = services(classes);
    Files.createDirectories(entry.getParent());
    Files.writeString(entry, NAME + "\n");
    Files.copy(
        module,
        classes.resolve("dev/troth/gate/module/gate.wasm"),
        StandardCopyOption.REPLACE_EXISTING);
  }
}
