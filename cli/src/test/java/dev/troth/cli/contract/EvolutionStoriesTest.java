package dev.troth.cli.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.Troth;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * What a reviewer reads when a contract changes: one folder a story, with the two versions, the
 * mode, perhaps a layer and waivers, and what is printed. {@code -Dtest.args=-Dtroth.update=true}
 * writes what is printed now.
 */
final class EvolutionStoriesTest {
  static Stream<String> stories() throws IOException {
    try (Stream<Path> folders = Files.list(folder())) {
      return folders.map(f -> f.getFileName().toString()).sorted().toList().stream();
    }
  }

  private static Path folder() {
    try {
      return Path.of(
          Objects.requireNonNull(EvolutionStoriesTest.class.getResource("stories")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("stories")
  void prints_what_a_reviewer_needs(String story) throws IOException {
    Path folder = folder().resolve(story);
    StringWriter out = new StringWriter();
    CommandLine troth = Troth.commandLine();
    troth.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(out, true));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "contract",
                "check",
                folder.resolve("new.contract.yaml").toString(),
                "--against",
                folder.resolve("old.contract.yaml").toString(),
                "--mode",
                Files.readString(folder.resolve("mode")).strip()));
    if (Files.exists(folder.resolve("layer"))) {
      arguments.addAll(List.of("--layer", Files.readString(folder.resolve("layer")).strip()));
    }
    if (Files.exists(folder.resolve("troth.yaml"))) {
      arguments.addAll(List.of("--config", folder.resolve("troth.yaml").toString()));
    }
    int exit = troth.execute(arguments.toArray(String[]::new));
    String printed =
        out.toString().replace(folder + "/", "") + "exit " + exit + System.lineSeparator();
    if (Boolean.getBoolean("troth.update")) {
      Path source =
          Path.of("src/test/resources/dev/troth/cli/contract/stories", story, "printed.txt");
      Files.writeString(source, printed);
      return;
    }
    assertThat(printed).isEqualTo(Files.readString(folder.resolve("printed.txt")));
  }
}
