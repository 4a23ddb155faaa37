package dev.troth.cli.contract;

import dev.troth.cli.command.CommandException;
import dev.troth.cli.command.OutputFile;
import dev.troth.contracts.Contract;
import dev.troth.contracts.compatibility.Direction;
import dev.troth.contracts.generate.Generator;
import dev.troth.contracts.generate.Language;
import dev.troth.contracts.generate.SourceText;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.json.Json;
import dev.troth.json.JsonWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tests that fail because of a document that breaks: the reader's generated types and a test that
 * reads the document with them, each reader in a package of its own.
 *
 * @param out the folder to write to
 */
record EmittedTests(Language language, Path out) {

  /**
   * A change that breaks somebody.
   *
   * @param document what one version writes and the other refuses
   */
  record Break(Contract next, Contract earlier, Direction direction, Json document) {
    Contract reader() {
      return direction == Direction.BACKWARD ? next : earlier;
    }

    Contract writer() {
      return direction == Direction.BACKWARD ? earlier : next;
    }
  }

  /** Writes the files of one break and says what it wrote. */
  void emit(Break broken, PrintWriter console) {
    Contract reader = broken.reader();
    boolean refused =
        reader
            .schema()
            .map(schema -> !new Interpreter(schema).isValid(broken.document()))
            .orElse(false);
    if (!refused) {
      console.printf(
          "  no test: generated types look at JSON Schema alone, which %s allows here%n",
          reader.version());
      return;
    }
    String name = packageName(reader);
    Generator.Result types = Generator.generate(reader, language, name);
    if (types.files().isEmpty()) {
      console.printf("  no test: %s%n", types.findings().getFirst().message());
      return;
    }
    List<SourceText> files = new ArrayList<>(types.files());
    files.add(test(broken, name, types));
    for (SourceText file : files) {
      write(out.resolve(file.path()), file.text());
    }
    console.printf("  a test that fails: %s%n", out.resolve(files.getLast().path()));
  }

  private String packageName(Contract reader) {
    String text = (reader.name() + "_" + reader.version()).toLowerCase(Locale.ROOT);
    String name = text.replaceAll("[^a-z0-9]+", "_");
    return Character.isDigit(name.charAt(0)) ? "x" + name : name;
  }

  private SourceText test(Break broken, String name, Generator.Result types) {
    String root = types.root();
    String document = JsonWriter.compact(new Json.Str(JsonWriter.compact(broken.document())));
    String story =
        "%s %s reads what %s writes"
            .formatted(
                broken.reader().name(), broken.reader().version(), broken.writer().version());
    String marker = "Written by troth contract check. " + SourceText.MARKER;
    String method = broken.direction() == Direction.BACKWARD ? "Earlier" : "Next";
    return switch (language) {
      case JAVA ->
          new SourceText(
              name + "/" + root + "ReadsThe" + method + "Test.java",
              """
              // %1$s
              package %2$s;

              import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

              import org.junit.jupiter.api.Test;

              /** %3$s. */
              class %4$sReadsThe%5$sTest {
                @Test
                void readsThe%5$sVersion() {
                  assertDoesNotThrow(() -> %4$s.fromJson(%6$s));
                }
              }
              """
                  .formatted(marker, name, story, root, method, document));
      case PYTHON ->
          new SourceText(
              name + "/test_reads_the_" + method.toLowerCase(Locale.ROOT) + ".py",
              """
              # %1$s
              \"""%3$s.\"""

              import unittest

              from %2$s import %4$s


              class ReadsThe%5$s(unittest.TestCase):
                  def test_reads_the_%6$s_version(self) -> None:
                      %7$s(%8$s)


              if __name__ == "__main__":
                  unittest.main()
              """
                  .formatted(
                      marker,
                      name,
                      story,
                      pythonReader(types)[0],
                      method,
                      method.toLowerCase(Locale.ROOT),
                      pythonReader(types)[1],
                      document));
      case GO ->
          new SourceText(
              name + "/reads_the_" + method.toLowerCase(Locale.ROOT) + "_test.go",
              """
              // %1$s

              package %2$s

              import "testing"

              // %3$s.
              func TestReadsThe%4$sVersion(t *testing.T) {
              %5$s
              }
              """
                  .formatted(marker, name, story, method, goReader(types, document)));
    };
  }

  /** What is imported, and what is called with a text. */
  private static String[] pythonReader(Generator.Result types) {
    Pattern reader =
        Pattern.compile(
            "^def (\\w+_from_json)\\(text: str\\) -> \"?" + Pattern.quote(types.root()) + "\"?:",
            Pattern.MULTILINE);
    for (SourceText file : types.files()) {
      Matcher matcher = reader.matcher(file.text());
      if (matcher.find()) {
        return new String[] {matcher.group(1), matcher.group(1)};
      }
    }
    return new String[] {types.root(), types.root() + ".from_json"};
  }

  private static String goReader(Generator.Result types, String document) {
    String root = types.root();
    boolean union =
        types.files().stream()
            .anyMatch(file -> file.text().contains("func Unmarshal" + root + "("));
    String read =
        union
            ? "\tif _, err := Unmarshal%s([]byte(%s)); err != nil {".formatted(root, document)
            : "\tvar value %s\n\tif err := value.UnmarshalJSON([]byte(%s)); err != nil {"
                .formatted(root, document);
    return read + "\n\t\tt.Fatal(err)\n\t}";
  }

  private static void write(Path target, String text) {
    try {
      if (Files.exists(target)
          && !Files.readString(target).lines().findFirst().orElse("").endsWith(SourceText.MARKER)) {
        throw CommandException.usage(
            "%s exists and was not generated: its first line does not end with '%s'"
                .formatted(target, SourceText.MARKER));
      }
      Files.createDirectories(Objects.requireNonNull(target.toAbsolutePath().getParent()));
      Files.writeString(target, text);
    } catch (IOException e) {
      throw OutputFile.unwritable(target, e);
    }
  }
}
