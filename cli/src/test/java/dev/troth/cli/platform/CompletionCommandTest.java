package dev.troth.cli.platform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.Ran;
import dev.troth.cli.Troth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** What a shell offers behind a tab, in a folder whose files somebody else has named. */
class CompletionCommandTest {
  private static final List<String> NAMES =
      List.of(
          "$(touch RAN1).json",
          "`touch RAN2`.json",
          "two words.json",
          "a*.json",
          "it's.json",
          "\"quoted\".json",
          "back\\slash.json",
          "plain.json");

  @TempDir Path folder;

  /** The words that are offered for the last of these, a line each. */
  private List<String> offered(String... words) throws IOException, InterruptedException {
    Path script = Files.writeString(folder.resolve("script"), Ran.troth("completion").out());
    Path files = Files.createDirectories(folder.resolve("files"));
    for (String name : NAMES) {
      Files.writeString(files.resolve(name), "{}");
    }
    String line =
        "compopt() { :; }; source '%s'; COMP_WORDS=(%s); COMP_CWORD=%d; _complete_troth; printf '%%s\\n' \"${COMPREPLY[@]}\""
            .formatted(
                script,
                String.join(" ", Stream.of(words).map(word -> "'" + word + "'").toList()),
                words.length - 1);
    Process bash =
        new ProcessBuilder("bash", "-c", line)
            .directory(files.toFile())
            .redirectErrorStream(true)
            .start();
    try {
      String out = new String(bash.getInputStream().readAllBytes(), UTF_8);
      assertThat(bash.waitFor(30, TimeUnit.SECONDS)).isTrue();
      try (Stream<Path> after = Files.list(files)) {
        assertThat(after.map(path -> path.getFileName().toString()))
            .as("files after the tab")
            .containsExactlyInAnyOrderElementsOf(NAMES);
      }
      return out.lines().filter(each -> !each.isBlank()).toList();
    } finally {
      bash.destroyForcibly();
    }
  }

  @Test
  void namesOfFilesAreOfferedAsTheyAreAndRunNothing() throws Exception {
    assertThat(offered("troth", "contract", "lint", "")).containsAll(NAMES);
    assertThat(offered("troth", "up", "--config", "")).containsExactlyInAnyOrderElementsOf(NAMES);
    assertThat(offered("troth", "contract", "lint", "pl")).containsExactly("plain.json");
  }

  @Test
  void formatsAreOfferedAsTheyAreWritten() throws Exception {
    assertThat(offered("troth", "config", "print", "--format", "")).containsExactly("text", "json");
    assertThat(offered("troth", "contract", "lint", "--format", "j"))
        .containsExactly("json", "junit");
    assertThat(offered("troth", "watch", "list", "--format", "t")).containsExactly("text");
  }

  @Test
  void eachChoiceOfEachCommandIsOfferedInTheWordsOfItsHelp() {
    List<String> others = new ArrayList<>();
    int choices = walk(Troth.commandLine().getCommandSpec(), others);
    assertThat(choices).as("options with a choice").isGreaterThan(20);
    assertThat(others).isEmpty();
  }

  /** Words of others, which are written as they write them. */
  private static final Set<String> WRITTEN_LARGE = Set.of("MODE", "LAYER", "ALG");

  /** How many options have a choice; adds those whose words are not those that users write. */
  private static int walk(CommandSpec command, List<String> others) {
    int choices = 0;
    for (ArgSpec argument : command.args()) {
      Iterable<String> words = argument.completionCandidates();
      if (words != null && !WRITTEN_LARGE.contains(argument.paramLabel())) {
        choices++;
        words.forEach(word -> {
          if (!word.matches("[a-z0-9-]+")) {
            others.add(command.qualifiedName() + " " + argument.paramLabel() + " offers " + word);
          }
        });
      }
    }
    for (CommandLine child : command.subcommands().values()) {
      choices += walk(child.getCommandSpec(), others);
    }
    return choices;
  }

  @Test
  void commandsAreOfferedBesideThem() throws Exception {
    assertThat(offered("troth", "con")).containsExactly("contract", "config");
  }
}
