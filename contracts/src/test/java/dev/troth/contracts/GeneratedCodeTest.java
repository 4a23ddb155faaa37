package dev.troth.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.GeneratedCode.Trial;
import dev.troth.contracts.generate.Generator;
import dev.troth.contracts.generate.Language;
import dev.troth.json.Json;
import dev.troth.testkit.Property;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generated code keeps valid documents and refuses invalid ones, just as the validator does. */
class GeneratedCodeTest {
  private static final Path CONTRACTS =
      Path.of("src/test/resources/dev/troth/contracts/generate").toAbsolutePath();

  @TempDir private Path folder = Path.of("");

  private static List<Trial> trials() throws IOException {
    List<Trial> trials = new ArrayList<>();
    try (Stream<Path> files = Files.list(CONTRACTS)) {
      for (Path file : files.sorted().toList()) {
        Contract contract = Contract.load(file);
        boolean union = contract.name().equals("account-event");
        trials.add(new Trial(contract, union, documents(contract)));
      }
    }
    return trials;
  }

  /** The examples, and seeded changes of them. */
  private static List<String> documents(Contract contract) {
    List<String> documents = new ArrayList<>();
    contract.examples().forEach(example -> documents.add(example.toString()));
    Property.of("documents near the examples of " + contract.name())
        .runs(400, 20_000)
        .check(random -> {
          Json near = contract.examples().get(random.nextInt(contract.examples().size()));
          try {
            byte[] bytes = new Mutation(random).document(near);
            documents.add(UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes)).toString());
          } catch (CharacterCodingException e) {
            // A text is what generated code reads; these bytes are none.
            documents.add("");
          }
        });
    return documents;
  }

  private static void enough(List<Trial> trials) {
    long valid =
        trials.stream()
            .mapToLong(t -> t.documents().stream().filter(d -> t.valid(d).isPresent()).count())
            .sum();
    assertThat(valid).as("valid documents").isGreaterThan(200);
  }

  @Test
  void javaCompilesWithoutWarningsAndAgreesWithTheValidator() throws Exception {
    List<Trial> trials = trials();
    new GeneratedCode(folder).throughJava(trials);
    enough(trials);
  }

  @Test
  void pythonPassesMypyStrictAndAgreesWithTheValidator() throws Exception {
    List<Trial> trials = trials();
    new GeneratedCode(folder).throughPython(trials);
    enough(trials);
  }

  @Test
  void goPassesGofmtAndVetAndAgreesWithTheValidator() throws Exception {
    List<Trial> trials = trials();
    new GeneratedCode(folder).throughGo(trials);
    enough(trials);
  }

  @Test
  void whatTypesCannotSayIsAFindingAndNothingIsWritten() {
    Contract contract =
        Contract.read(
            """
            {"contract": "c", "version": "1.0.0", "owner": "o", "schema": {
              "type": "object",
              "properties": {
                "a": {"unevaluatedItems": false},
                "c": {"type": "string", "pattern": "(a)\\\\1"},
                "d": {"type": "string", "format": "regex"},
                "e": {"oneOf": [{"format": "hostname"}, {"type": "null"}, {"type": "integer"}]}
              }}}
            """
                .getBytes(UTF_8));
    Generator.Result result = Generator.generate(contract, Language.JAVA, "c");
    assertThat(result.files()).isEmpty();
    assertThat(result.findings())
        .extracting(Finding::message)
        .containsExactly(
            "/properties/a: 'unevaluatedItems' is not checked by generated code",
            "/properties/c: the pattern '(a)\\1' does not mean the same in every language",
            "/properties/d: format 'regex' is not checked by generated code",
            "/properties/e/oneOf/0: format 'hostname' is checked but for what labels in Punycode decode to");
    assertThat(result.findings())
        .filteredOn(Finding::isError)
        .extracting(Finding::place)
        .singleElement()
        .asString()
        .endsWith("/properties/a");
  }

  @Test
  void noTwoFilesDifferByCapitalsAlone() throws IOException {
    Contract contract = Contract.load(CONTRACTS.resolve("names.json"));
    for (Language language : Language.values()) {
      List<String> paths =
          Generator.generate(contract, language, "names").files().stream()
              .map(file -> file.path().toLowerCase(Locale.ROOT))
              .toList();
      assertThat(paths).doesNotHaveDuplicates();
    }
  }

  @Test
  void nothingIsImportedThatIsNotUsed() throws IOException {
    for (String name : List.of("names.json", "order.json", "words.json", "tree.json")) {
      Contract contract = Contract.load(CONTRACTS.resolve(name));
      for (Language language : List.of(Language.JAVA, Language.PYTHON)) {
        for (var file : Generator.generate(contract, language, "names").files()) {
          List<String> imported =
              file.text()
                  .lines()
                  .filter(line -> line.matches("(import|from) .*") && !line.contains("__future__"))
                  .filter(line -> !file.path().endsWith("__init__.py"))
                  .flatMap(line -> Stream.of(line.replaceFirst(".*import ", "").split(", ")))
                  .map(word ->
                      word.replaceFirst(".* as ", "")
                          .replaceFirst(".*\\.", "")
                          .replace(";", "")
                          .strip())
                  .filter(word -> word.matches("\\w+"))
                  .toList();
          for (String word : imported) {
            long uses =
                Pattern.compile("\\b" + word + "\\b").matcher(file.text()).results().count();
            assertThat(uses).as("%s in %s", word, file.path()).isGreaterThan(1);
          }
        }
      }
    }
  }

  @Test
  void anObjectThatMustContainItselfIsAFinding() {
    Contract contract =
        Contract.read(
            """
            {"contract": "c", "version": "1.0.0", "owner": "o", "schema": {
              "type": "object", "required": ["c"], "properties": {"c": {"$ref": "#"}}}}
            """
                .getBytes(UTF_8));
    assertThat(Generator.generate(contract, Language.GO, "c").findings())
        .extracting(Finding::message)
        .containsExactly("the root: no message is finite: every C must contain another");
  }

  @Test
  void packagesAreNamesOfTheLanguage() {
    assertThat(Language.JAVA.isPackage("a.b_1")).isTrue();
    assertThat(Language.JAVA.isPackage("a.import")).isFalse();
    assertThat(Language.GO.isPackage("func")).isFalse();
    assertThat(Language.PYTHON.isPackage("a.b")).isFalse();
  }
}
