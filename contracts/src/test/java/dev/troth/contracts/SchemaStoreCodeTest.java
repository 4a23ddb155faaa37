package dev.troth.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.contracts.GeneratedPackages.Document;
import dev.troth.contracts.GeneratedPackages.Item;
import dev.troth.contracts.pattern.CostException;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.json.Json;
import dev.troth.json.JsonException;
import dev.troth.json.JsonReader;
import dev.troth.json.file.SourceFile;
import dev.troth.testkit.Size;
import dev.troth.testkit.Suites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The schemas that people publish on SchemaStore as contracts: of those that load, nearly all
 * become code that its language's tools find nothing in, and that reads and writes the schema's own
 * test documents. Small runs take a few.
 */
final class SchemaStoreCodeTest {
  private static final int BATCH = 40;

  /** Of the 798 that load, every so many in a small run. */
  private static final int STRIDE = 100;

  @TempDir private Path folder = Path.of("");

  private interface Through {
    Map<String, String> the(GeneratedPackages packages) throws Exception;
  }

  @Test
  void javaCompilesWithoutWarningsAndKeepsDocuments() throws Exception {
    measure("Java", GeneratedPackages::throughJava);
  }

  @Test
  void pythonPassesMypyStrictAndKeepsDocuments() throws Exception {
    GeneratedCode.require("mypy", "--version");
    GeneratedCode.require("python3", "--version");
    measure("Python", GeneratedPackages::throughPython);
  }

  @Test
  void goPassesGofmtAndVetAndKeepsDocuments() throws Exception {
    GeneratedCode.require("go", "version");
    measure("Go", GeneratedPackages::throughGo);
  }

  private void measure(String language, Through through) throws Exception {
    List<Item> items = items();
    Map<String, String> faults = new LinkedHashMap<>();
    int documents = 0;
    for (int from = 0; from < items.size(); from += BATCH) {
      List<Item> batch = items.subList(from, Math.min(items.size(), from + BATCH));
      documents += batch.stream().mapToInt(item -> item.documents().size()).sum();
      Path under = Files.createDirectories(folder.resolve("batch" + from));
      faults.putAll(through.the(new GeneratedPackages(under, batch)));
    }
    Map<String, List<String>> reasons = new TreeMap<>();
    faults.forEach(
        (name, reason) -> reasons.computeIfAbsent(reason, _ -> new ArrayList<>()).add(name));
    reasons.forEach(
        (reason, names) -> System.out.printf("  %3d: %s %s%n", names.size(), reason, names));
    System.out.printf(
        "SchemaStore in %s: %d of %d schemas without fault, %d documents%n",
        language, items.size() - faults.size(), items.size(), documents);
    assertThat(100.0 * faults.size() / items.size()).as("percent with faults").isLessThan(5);
  }

  private static List<Item> items() throws IOException {
    Path source = Suites.require("schemastore").resolve("src");
    List<Item> items = new ArrayList<>();
    List<Path> files;
    try (Stream<Path> all = Files.list(source.resolve("schemas/json"))) {
      files = all.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
    boolean all = Size.ofThisRun() == Size.FULL;
    for (int i = 0; i < files.size(); i += all ? 1 : STRIDE) {
      String name = files.get(i).getFileName().toString().replaceFirst("\\.json$", "");
      Optional<Contract> contract = contract(files.get(i), name);
      if (contract.isPresent()) {
        Interpreter validator = new Interpreter(contract.get().schema().orElseThrow());
        List<Document> documents = new ArrayList<>();
        read(source.resolve("test").resolve(name), validator, documents);
        read(source.resolve("negative_test").resolve(name), validator, documents);
        items.add(
            new Item(
                "p" + name.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]", "_"),
                contract.get(),
                documents));
      }
    }
    return items;
  }

  private static Optional<Contract> contract(Path file, String name) throws IOException {
    try {
      String contract =
          "{\"contract\": \"%s\", \"version\": \"1.0.0\", \"owner\": \"o\", \"schema\": %s}"
              .formatted(
                  "s" + name.replaceAll("[^A-Za-z0-9]", "_"),
                  JsonReader.read(Files.readString(file)));
      return Optional.of(Contract.read(contract.getBytes(UTF_8)));
    } catch (JsonException | ContractException doesNotLoad) {
      return Optional.empty();
    }
  }

  private static void read(Path folder, Interpreter validator, List<Document> documents)
      throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = file.getFileName().toString();
        if (!name.matches(".*\\.(json|ya?ml)")) {
          continue;
        }
        try {
          Json json = SourceFile.read(name, Files.readAllBytes(file)).json();
          documents.add(new Document(json.toString(), validator.isValid(json)));
        } catch (SourceFile.SyntaxException | CostException isNoDocument) {
          // What the validator cannot read or tell is no measure for the generated code.
        }
      }
    }
  }
}
