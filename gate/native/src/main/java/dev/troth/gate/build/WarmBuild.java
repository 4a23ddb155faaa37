package dev.troth.gate.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A builder that stays: for each line of its input, {@code module} or {@code native}, it compiles
 * the sources as they are now and says what came out. What did not change is not made again, and
 * the compilers of Java are warm. It writes to a folder of its own, {@code target/native-warm}, so
 * that no other build takes its outputs for its own; they are the same bytes.
 */
public final class WarmBuild {
  private final Path project;
  private final JavaSources sources;
  private final Outputs outputs;
  private final String lock;

  WarmBuild(Path project, Path folder, Toolchain tools) throws IOException {
    this.project = project;
    Steps steps = new Steps(folder.resolve("work"));
    sources = new JavaSources(project, steps.folder().resolve("classes"));
    outputs = new Outputs(project, sources.classes(), folder, tools, steps);
    lock = lock();
  }

  /** Builds for a project folder until its input ends. */
  public static void main(String[] args) throws IOException {
    Path project = Path.of(args[0]).toAbsolutePath().normalize();
    WarmBuild build;
    try {
      build =
          new WarmBuild(
              project,
              project.resolve("target/native-warm"),
              Toolchain.install(project, project.resolve("node_modules/.zig-cache")));
    } catch (BuildException missing) {
      System.err.println("gate/native: " + missing.getMessage());
      System.exit(1);
      return;
    }
    try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        System.out.println(build.answer(line.strip()));
      }
    }
  }

  private String answer(String wish) {
    long start = System.nanoTime();
    try {
      Path made = make(wish);
      return String.format(
          Locale.ROOT,
          "%s %s in %.2f s",
          project.relativize(made),
          Digest.of(Files.readAllBytes(made)).substring(0, 16),
          (System.nanoTime() - start) / 1e9);
    } catch (BuildException | IOException failed) {
      return "failed: " + failed.getMessage();
    }
  }

  private String lock() throws IOException {
    return new Digest().file(Outputs.lock(project)).hex();
  }

  /** Makes one output of the sources as they are now. */
  Path make(String wish) throws IOException {
    if (!lock().equals(lock)) {
      throw new BuildException("package-lock.json names other compilers now: start this again");
    }
    return switch (wish) {
      case "module" -> {
        sources.compile(List.of("core"), List.of("module"));
        yield outputs.module();
      }
      case "native" -> {
        sources.compile(JavaSources.GATE, List.of("module", "host"));
        yield outputs.program(Outputs.SMALL_HOST, "x86_64");
      }
      default ->
          throw new BuildException(
              "there is nothing named '" + wish + "', expected module or native");
    };
  }
}
