package dev.troth.cli.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every command of the guides is run as it is printed, and what it prints is compared; what is not
 * run says why. {@link Guide} and {@link Printed} have the notation.
 */
final class GuidesTest {
  private static final Path ROOT = Path.of(System.getProperty("troth.root", ".."));
  private static final Path SCENES = Path.of("src/test/resources/dev/troth/cli/guide");
  private static final List<String> PROGRAMS =
      List.of("bash", "curl", "git", "jq", "openssl", "promtool", "python3", "sqlite3");

  private static final List<String> EXAMPLES =
      List.of("examples/serverless", "examples/orders/contracts", "examples/orders/slo.yaml");
  private static final Pattern TEST_NAME = Pattern.compile("\\b[A-Z]\\w+Test\\b");

  @TempDir Path folder;

  static Stream<Guide> guides() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    for (String under : List.of("docs", "examples", "packaging")) {
      try (Stream<Path> files =
          Files.find(ROOT.resolve(under), 3, (file, unused) -> isPage(file))) {
        pages.addAll(files.sorted().toList());
      }
    }
    List<Guide> guides = new ArrayList<>();
    for (Path page : pages) {
      guides.add(Guide.read(ROOT, page));
    }
    return guides.stream();
  }

  private static boolean isPage(Path file) {
    String path = file.toString();
    return path.endsWith(".md") && !path.contains("node_modules") && !path.contains("/adr/");
  }

  static Stream<Guide> guidesWithCommands() throws IOException {
    String part = System.getProperty("guides", "");
    return guides().filter(g -> !g.scenes().isEmpty() && g.name().contains(part));
  }

  @Test
  void everyBlockIsRunOrSaysWhyNot() throws IOException {
    Map<String, Path> tests = tests();
    List<String> problems = new ArrayList<>();
    for (Guide guide : guides().toList()) {
      problems.addAll(guide.problems());
      List<String> runners = new ArrayList<>(guide.runners());
      for (Guide.Block block : guide.blocks()) {
        if (block.mark().equals("run by")) {
          runners.add(block.said());
        }
        for (Matcher name = TEST_NAME.matcher(block.said()); name.find(); ) {
          if (!tests.containsKey(name.group())) {
            problems.add("%s:%d: no test %s".formatted(guide, block.line(), name.group()));
          }
        }
      }
      for (String runner : runners) {
        Path source = tests.get(runner);
        String file = Path.of(guide.name()).getFileName().toString();
        if (source == null || !Files.readString(source).contains(file)) {
          problems.add(guide + ": no test " + runner + " reads it");
        }
      }
    }
    assertThat(problems).as(() -> String.join("\n", problems)).isEmpty();
  }

  /** The tests of all rooms by name. */
  private static Map<String, Path> tests() throws IOException {
    Map<String, Path> tests = new HashMap<>();
    try (Stream<Path> rooms = Files.list(ROOT)) {
      for (Path room : rooms.toList()) {
        for (Path sources :
            List.of(room.resolve("src/test/java"), room.resolve("native/src/test/java"))) {
          if (Files.isDirectory(sources)) {
            try (Stream<Path> files = Files.walk(sources)) {
              files
                  .filter(file -> file.toString().endsWith("Test.java"))
                  .forEach(
                      file -> tests.put(file.getFileName().toString().replace(".java", ""), file));
            }
          }
        }
      }
    }
    return tests;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("guidesWithCommands")
  void aGuidePrintsWhatItsCommandsPrint(Guide guide) throws IOException {
    List<String> wrong = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, List<Guide.Block>> scene : guide.scenes().entrySet()) {
      List<Step> steps = scene.getValue().stream().flatMap(b -> Step.of(b).stream()).toList();
      List<String> absent = missingPrograms(steps);
      if (!absent.isEmpty()) {
        missing.addAll(absent);
        continue;
      }
      Path place = prepare(guide, scene.getKey());
      Path outputs = Files.createDirectory(folder.resolve(scene.getKey() + ".outputs"));
      try (Scene shell = new Scene(place, outputs)) {
        Path first = place.resolve("setup.sh");
        if (Files.exists(first)) {
          // Without && behind it, which would take the effect from set -e.
          String setup = "(set -eu\n" + Files.readString(first) + "\nrm setup.sh\n)";
          Step step = new Step(0, setup, List.of(), false);
          assertThat(shell.run(step)).as("setup.sh of %s", place).endsWith("exit 0\n");
        }
        for (Step step : steps) {
          String printed = shell.run(step);
          if (!isRight(step, printed)) {
            wrong.add(
                "%s:%d: $ %s\n--- the guide\n%s\n--- printed\n%s"
                    .formatted(
                        guide.name(),
                        step.line(),
                        step.command(),
                        String.join("\n", step.printed()),
                        printed));
          }
        }
      }
    }
    assertThat(wrong).as(() -> String.join("\n\n", wrong)).isEmpty();
    assumeTrue(missing.isEmpty(), "programs of " + guide + " are missing: " + missing);
  }

  private static boolean isRight(Step step, String printed) {
    if (step.isInterrupt()) {
      return true;
    }
    return step.compared()
        ? new Printed(step.printed()).matches(printed)
        : printed.endsWith("exit 0\n");
  }

  /** The folder of a scene, with the contracts that the page shows and the files of the scene. */
  private Path prepare(Guide guide, String scene) throws IOException {
    Path place = Files.createDirectory(folder.resolve(scene));
    for (Map.Entry<String, String> file : guide.files().entrySet()) {
      Files.writeString(place.resolve(file.getKey()), file.getValue());
    }
    for (String example : EXAMPLES) {
      copy(ROOT.resolve(example), place.resolve(example));
    }
    Path source = SCENES.resolve(guide.name().replaceFirst("\\.md$", "")).resolve(scene);
    if (Files.exists(source)) {
      copy(source, place);
    }
    return place;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.write(target, Files.readAllBytes(file));
      }
    }
  }

  private static List<String> missingPrograms(List<Step> steps) {
    String all = steps.stream().map(Step::command).collect(Collectors.joining("\n"));
    return PROGRAMS.stream()
        .filter(program ->
            program.equals("bash") || Pattern.compile("\\b" + program + "\\b").matcher(all).find())
        .filter(program ->
            Stream.of(System.getenv("PATH").split(":"))
                .noneMatch(place -> Files.isExecutable(Path.of(place, program))))
        .toList();
  }
}
