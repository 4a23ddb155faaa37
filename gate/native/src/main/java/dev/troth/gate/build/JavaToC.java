package dev.troth.gate.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.teavm.diagnostics.DefaultProblemTextConsumer;
import org.teavm.diagnostics.Problem;
import org.teavm.tooling.TeaVMTargetType;
import org.teavm.tooling.TeaVMTool;
import org.teavm.tooling.TeaVMToolException;
import org.teavm.vm.TeaVMOptimizationLevel;

/** Compiles a main class and all that it reaches to one C file. */
final class JavaToC {
  /** Parts of the runtime that neither program uses, and that want an operating system. */
  private static final List<String> LEFT_OUT =
      List.of("\"file.c\"", "\"date.c\"", "\"log.c\"", "\"fiber.c\"");

  /** The name of the file that is compiled: it includes all others. */
  static final String RESULT = "unity.c";

  private JavaToC() {}

  /** What a program is to be. */
  enum Wish {
    /** Inlined wherever that may help. */
    FAST(TeaVMOptimizationLevel.FULL),
    /** A third smaller. */
    SMALL(TeaVMOptimizationLevel.ADVANCED);

    private final TeaVMOptimizationLevel level;

    Wish(TeaVMOptimizationLevel level) {
      this.level = level;
    }
  }

  /**
   * Writes the C of a main class below a folder.
   *
   * @return the file to compile
   */
  static Path compile(
      String mainClass,
      ClassLoader classes,
      Path folder,
      Wish wish,
      int minHeapBytes,
      int maxHeapBytes)
      throws IOException {
    empty(folder);
    TeaVMTool tool = new TeaVMTool();
    tool.setTargetType(TeaVMTargetType.C);
    tool.setMainClass(mainClass);
    tool.setTargetDirectory(folder.toFile());
    tool.setTargetFileName("all.c");
    tool.setObfuscated(true);
    tool.setShortFileNames(true);
    tool.setStrict(true);
    tool.setAssertionsRemoved(true);
    tool.setOptimizationLevel(wish.level);
    tool.setMinHeapSize(minHeapBytes);
    tool.setMaxHeapSize(maxHeapBytes);
    tool.setClassLoader(classes);
    try {
      tool.generate();
    } catch (TeaVMToolException e) {
      throw new BuildException(mainClass + ": " + e.getMessage());
    }
    List<Problem> problems = tool.getProblemProvider().getSevereProblems();
    if (!problems.isEmpty()) {
      DefaultProblemTextConsumer text = new DefaultProblemTextConsumer();
      problems.getFirst().render(text);
      throw new BuildException(mainClass + ": " + text.getText());
    }
    alignClasses(folder);
    endAtExceptions(folder);
    replace(
        folder.resolve("heaptrace.c"),
        "Application crashed due to lack of free memory",
        "The heap is full");
    PackedTexts.pack(folder);
    leaveOut(folder);
    Path unity = folder.resolve(RESULT);
    Files.write(
        unity,
        Files.readAllLines(folder.resolve("all.c")).stream()
            .filter(line -> LEFT_OUT.stream().noneMatch(line::contains))
            .toList());
    return unity;
  }

  /** Nothing stays that the next program does not have. */
  private static void empty(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Path> former;
    try (Stream<Path> walk = Files.walk(folder)) {
      former = walk.sorted(Comparator.reverseOrder()).filter(path -> !path.equals(folder)).toList();
    }
    for (Path path : former) {
      Files.delete(path);
    }
  }

  /**
   * Objects name their class by its address divided by eight. The runtime keeps the classes of
   * arrays that it makes at run time in an array of structures, and on 32 bits every second one of
   * them lies on an odd multiple of four: such an array then seems to be of no class.
   */
  private static void alignClasses(Path folder) throws IOException {
    replace(
        folder.resolve("arrayclass.c"),
        "static TEAVM_OBJECT_CLASS teavm_dynamicClassPool[",
        "static struct { alignas(8) TEAVM_OBJECT_CLASS aligned; } teavm_dynamicClassPool[");
    replace(
        folder.resolve("arrayclass.c"),
        "&teavm_dynamicClassPool[teavm_dynamicClassPoolSize++]",
        "&teavm_dynamicClassPool[teavm_dynamicClassPoolSize++].aligned");
    replace(
        folder.resolve("arrayclass.c"),
        "&teavm_dynamicClassPool[index].parent",
        "&teavm_dynamicClassPool[index].aligned.parent");
    // Room for 64 such classes instead of hundreds: the module's memory is copied for each token.
    Path sizes = folder.resolve("arrayclass_gen.h");
    String text = Files.readString(sizes);
    Files.writeString(sizes, text.replaceFirst("POOL_CAPACITY \\d+", "POOL_CAPACITY 64"));
    replace(folder.resolve("memory.c"), "return 1 << 16;", "return 1 << 12;");
  }

  /**
   * Neither program catches an exception in Java: it is the end, of the module's call or, in the
   * native host, of what a guard in C is around. So nothing needs to be written down before each
   * operation by which a handler would be found.
   */
  private static void endAtExceptions(Path folder) throws IOException {
    Path stack = folder.resolve("stack.h");
    replace(
        stack,
        "#define TEAVM_CALL_SITE(id) (teavm_shadowStack.header.callSiteId = (id))",
        "#define TEAVM_CALL_SITE(id) ((void)0)");
    replace(
        stack,
        "teavm_shadowStack.header.size = (sz);",
        "teavm_shadowStack.header.size = (sz); teavm_shadowStack.header.callSiteId = 0;");
  }

  /** What no program here needs and the C library would bring in for it. */
  private static void leaveOut(Path folder) throws IOException {
    Path core = folder.resolve("core.c");
    replace(core, "srand((unsigned int) time(NULL));", "");
    replace(core, "setlocale (LC_ALL, \"\");", "");
    // Arguments are read where they are wanted, as bytes.
    replace(core, "teavm_cToString(argv[i])", "NULL");
    replace(folder.resolve("memory.c"), "sysconf(_SC_PAGE_SIZE)", "getpagesize()");
    // Called for every reference that is stored, at 16 bytes less than written out.
    replace(
        folder.resolve("core.h"),
        "inline static void teavm_gc_writeBarrier(",
        "__attribute__((noinline)) static void teavm_gc_writeBarrier(");
  }

  static void replace(Path file, String former, String present) throws IOException {
    String text = Files.readString(file);
    if (!text.contains(former)) {
      throw new BuildException(
          "%s has no '%s': the TeaVM version changed, review JavaToC"
              .formatted(file.getFileName(), former));
    }
    Files.writeString(file, text.replace(former, present));
  }
}
