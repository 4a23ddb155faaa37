package dev.troth.gate.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.gate.host.NativeGate;
import dev.troth.testkit.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The builder that stays makes what the build makes, and never what was true before an edit. */
class WarmBuildTest {
  private static final String GATE = "src/main/java/dev/troth/gate/";
  private static final List<Edit> OF_MODULE =
      List.of(
          new Edit("../" + GATE + "core/ClaimCheck.java", "settings.leewayMillis;", "7;"),
          new Edit("src/main/c/libc.c", "(48u * 1024)", "(49u * 1024)"),
          new Edit(GATE + "module/ModuleMain.java", "return 1;", "return 2;"));
  private static final List<Edit> OF_HOST =
      List.of(
          new Edit("src/main/c/host.c", "listen(listener, 4096)", "listen(listener, 4095)"),
          new Edit(GATE + "host/NativeMain.java", "gate listens on port", "gate hears on port"),
          new Edit("src/main/c/wasm-rt.h", "CALL_STACK_DEPTH 400", "CALL_STACK_DEPTH 401"),
          new Edit("../" + GATE + "core/ClaimCheck.java", "settings.leewayMillis;", "7;"));

  @TempDir private Path folder = Path.of("");

  /** One text in place of another in a file of gate/native. */
  private record Edit(String file, String former, String present) {}

  @Test
  void anEditOfEachInputMakesAnotherModuleAndItsUndoingTheFormer() throws Exception {
    edits("module", OF_MODULE.subList(0, Size.count(2, 3)), "gate.wasm");
  }

  @Test
  void anEditOfEachInputMakesAnotherHostAndItsUndoingTheFormer() throws Exception {
    edits("native", OF_HOST.subList(0, Size.count(1, 4)), "troth-gate-x86_64");
  }

  @Test
  void compilersThatChangedAreNotUsedWithoutAWord() throws Exception {
    NativeGate.require("gate.wasm");
    Path project = copy();
    WarmBuild build = build(project);
    Files.writeString(project.resolve("package-lock.json"), " ", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> build.make("module")).hasMessageContaining("start this again");
  }

  private void edits(String wish, List<Edit> edits, String output) throws Exception {
    byte[] built = Files.readAllBytes(NativeGate.require(output));
    Path project = copy();
    WarmBuild build = build(project);
    assertThat(Files.readAllBytes(build.make(wish))).isEqualTo(built);
    Map<Path, String> former = new HashMap<>();
    byte[] present = built;
    for (Edit edit : edits) {
      Path file = project.resolve(edit.file());
      String text = Files.readString(file);
      assertThat(text).contains(edit.former());
      former.put(file, text);
      Files.writeString(file, text.replace(edit.former(), edit.present()));
      byte[] made = Files.readAllBytes(build.make(wish));
      assertThat(made).as(edit.file()).isNotEqualTo(present);
      present = made;
    }
    for (Map.Entry<Path, String> file : former.entrySet()) {
      Files.writeString(file.getKey(), file.getValue());
    }
    assertThat(Files.readAllBytes(build.make(wish))).isEqualTo(built);
  }

  private WarmBuild build(Path project) throws IOException {
    Path compilers = Path.of("node_modules").toAbsolutePath();
    Files.createSymbolicLink(project.resolve("node_modules"), compilers);
    return new WarmBuild(
        project,
        project.resolve("target/native-warm"),
        Toolchain.install(project, compilers.resolve(".zig-cache")));
  }

  /** The sources of the library and of this module. */
  private Path copy() throws IOException {
    Path project = Files.createDirectories(folder.resolve("gate/native"));
    copy(Path.of("../src/main"), project.resolve("../src/main").normalize());
    copy(Path.of("src/main"), project.resolve("src/main"));
    for (String name : List.of("package.json", "package-lock.json")) {
      Files.copy(Path.of(name), project.resolve(name));
    }
    return project;
  }

  private static void copy(Path from, Path to) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(from)) {
      files = walk.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      Path copy = to.resolve(from.relativize(file).toString());
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
    }
  }
}
